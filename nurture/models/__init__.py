"""Nurture's tables: sequences and their steps, who is in one, what was mailed, templates, and the rules of sending."""

from nurture.models.enrollment import DONE_KINDS, Enrollment, EnrollmentMove
from nurture.models.message import MailHit, Message
from nurture.models.sequence import Sequence, Step
from nurture.models.settings import NurtureSettings
from nurture.models.template import MailTemplate

__all__ = [
    "DONE_KINDS",
    "Enrollment",
    "EnrollmentMove",
    "MailHit",
    "MailTemplate",
    "Message",
    "NurtureSettings",
    "Sequence",
    "Step",
]
