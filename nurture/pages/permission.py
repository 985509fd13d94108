"""Who may put a lead into a sequence and take it out: marketing and managers any lead, reps their own."""

from leadhub.accounts.access import Viewer
from leadhub.leads.models import Lead


def may_enroll_any(viewer: Viewer) -> bool:
    """Say whether the viewer may enroll any lead and stop it."""
    return viewer.may("nurture.edit") or viewer.may("leads.work_any")


def may_enroll(viewer: Viewer, lead: Lead) -> bool:
    """Say whether the viewer may enroll this lead and stop it."""
    is_own = lead.owner_id == viewer.member.pk
    return may_enroll_any(viewer) or (viewer.may("nurture.enroll") and is_own)
