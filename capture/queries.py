"""Reads of forms and submissions for pages and for the line."""

from capture.models import Form
from leadhub.leads.models import Inquiry


def find_inquiry_form(inquiry: Inquiry | None) -> Form | None:
    """Return the form that an inquiry came through, if it came through one."""
    if inquiry is None or inquiry.form_id is None:
        return None
    return Form.objects.filter(pk=inquiry.form_id).first()
