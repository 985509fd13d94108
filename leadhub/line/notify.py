"""The line's last step: acknowledge an inquiry with the words of its form. Joins capture's form to nurture's mail."""

from capture.queries import find_walked_form
from leadhub.leads.walk import Walk
from nurture.acknowledgement import acknowledge


def notify(walk: Walk) -> None:
    """Send the form's acknowledgement where the form has one."""
    form = find_walked_form(walk)
    if form is not None and form.sends_acknowledgement:
        acknowledge(walk, subject=form.acknowledgement_subject, body=form.acknowledgement_body)
