"""Enter those who fit a sequence when it is turned on: asked for in the confirmation, done by a job in portions.

Nobody enters by merely fitting otherwise, since an entry has a cause. Registered as "nurture.enter_fitting"; the
forecast counts the same leads.
"""

from datetime import datetime

from django.db.models import QuerySet

from leadhub.leads.conditions import matching
from leadhub.leads.models import Lead
from leadhub.work.jobs import enqueue
from leadhub.work.registry import ClaimedJob
from nurture.enrolling import Origin, enter_those_who_can
from nurture.models import Enrollment, Sequence
from nurture.sequences import name_turning_on

_AT_ONCE = 500


def list_fitting(*, sequence: Sequence, now: datetime) -> QuerySet[Lead]:
    """Return the open leads that match the entry condition and are not in the sequence, nor were."""
    been = Enrollment.objects.filter(sequence=sequence)
    if sequence.allows_reentry:
        been = been.filter(state=Enrollment.State.ACTIVE)
    leads = Lead.objects.open().counted().filter(is_test=False, person__do_not_contact=False)
    return matching(leads.exclude(person__in=been.values("lead__person")), sequence.entry_condition, now=now)


def run_enter_fitting(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "nurture.enter_fitting": enter a portion, and ask for the next one behind it.

    The key names the turning on and the last lead looked at: each is looked at once, and a portion that is done
    twice enters nobody twice, since who is in it, or was, does not fit. Turned off meanwhile, it ends.
    """
    sequence = Sequence.objects.get(pk=job.target_id)
    turned_on, _, after = job.dedupe_key.rpartition(":")
    if sequence.state != Sequence.State.ACTIVE or turned_on != name_turning_on(sequence):
        return
    fitting = list_fitting(sequence=sequence, now=now)
    if after:
        fitting = fitting.filter(id__gt=after)
    leads = list(fitting.select_related("person").order_by("id")[:_AT_ONCE])
    enter_those_who_can(sequence=sequence, leads=leads, origin=Origin.CONDITION, actor=None, now=now)
    if len(leads) == _AT_ONCE:
        next_key = f"{turned_on}:{leads[-1].pk}"
        enqueue(kind=job.kind, target_id=sequence.pk, dedupe_key=next_key, due_at=now, now=now)
