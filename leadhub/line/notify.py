"""The line's last step: acknowledge an inquiry with the words of its form. Joins capture's form to nurture's mail."""

from capture.defaults import ACKNOWLEDGEMENT_BODY, ACKNOWLEDGEMENT_SUBJECT
from capture.queries import find_walked_form
from leadhub.delivery.writing import Words
from leadhub.leads.walk import Walk
from nurture.acknowledgement import Letter, acknowledge

_PLAIN = Words(subject=ACKNOWLEDGEMENT_SUBJECT, body=ACKNOWLEDGEMENT_BODY)


def notify(walk: Walk) -> None:
    """Send the form's acknowledgement where the form has one."""
    form = find_walked_form(walk)
    if form is not None and form.sends_acknowledgement:
        words = Words(subject=form.acknowledgement_subject, body=form.acknowledgement_body)
        acknowledge(walk, letter=Letter(form_id=form.pk, words=words, plain=_PLAIN))
