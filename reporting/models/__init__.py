"""What reporting itself keeps: ad spend that marketers enter, and the targets that numbers are held against."""

from reporting.models.spend import Spend, SpendUpload
from reporting.models.target import Metric, Target

__all__ = ["Metric", "Spend", "SpendUpload", "Target"]
