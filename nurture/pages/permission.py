"""Who may put a lead into a sequence and take it out: marketing and managers any lead, reps their own."""

from leadhub.accounts.access import Viewer
from leadhub.leads.models import Lead


def may_enroll(viewer: Viewer, lead: Lead) -> bool:
    """Say whether the viewer may enroll this lead and stop it."""
    if viewer.may("nurture.edit") or viewer.may("leads.work_any"):
        return True
    return viewer.may("nurture.enroll") and lead.owner_id == viewer.member.pk
