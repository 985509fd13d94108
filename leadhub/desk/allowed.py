"""Who may do what with one lead: the role's permission, and whose lead it is."""

from leadhub.accounts.access import Viewer
from leadhub.leads.models import Lead


def may_work(viewer: Viewer, lead: Lead) -> bool:
    """Say whether the viewer may log, qualify, dispose and convert: any lead, or their own."""
    if viewer.may("leads.work_any"):
        return True
    return viewer.may("leads.work") and lead.owner_id == viewer.member.pk


def may_judge(viewer: Viewer, lead: Lead) -> bool:
    """Say whether the viewer may set the verdict and the quote value: marketing, and whoever works the lead."""
    return viewer.may("leads.judge") or may_work(viewer, lead)


def may_reassign(viewer: Viewer, lead: Lead) -> bool:  # noqa: ARG001  one signature for all rules
    """Say whether the viewer may give the lead to somebody else."""
    return viewer.may("team.reassign")
