"""The jobs of a lead on its way: an offer that nobody answered, and a lead that waits for somebody to be back."""

from datetime import datetime

from leadhub.accounts.duty import list_managers
from leadhub.leads.models import Lead
from leadhub.live.models import Alert
from leadhub.work.registry import ClaimedJob
from routing.alerting import Notice, announce_assignment, describe_lead, notify
from routing.answers import expire
from routing.assignment import retry_held_lead
from routing.models import Assignment


def run_expire(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "routing.expire": the lead goes to the next, and the managers hear who let it lie."""
    assignment = Assignment.objects.select_related(
        "lead__person__company", "lead__owner", "member__user", "pool", "inquiry"
    ).get(pk=job.target_id)
    if expire(assignment=assignment, now=now) is None:
        return
    for manager in list_managers():
        notify(
            Notice(
                member=manager,
                kind=Alert.Kind.EXPIRED,
                text=f"{assignment.member.name} did not accept {describe_lead(assignment.lead)} in time",
                cause=f"expired:{assignment.pk}:{manager.pk}",
                lead=assignment.lead,
                inquiry=assignment.inquiry,
            ),
            now=now,
        )


def run_retry(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "routing.retry": somebody may be back for a lead that the duty manager holds."""
    lead = Lead.objects.select_related("person__company__owner", "owner").get(pk=job.target_id)
    assignment = retry_held_lead(lead=lead, now=now)
    if assignment is not None:
        announce_assignment(assignment=assignment, now=now)
