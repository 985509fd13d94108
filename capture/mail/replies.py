"""What a mail in a lead's thread leaves on the lead: its event and, of a human's answer, a task and an alert.

Called by `settling.py` with the lead's row locked. An autoresponder that marks its answers as nothing may answer
ours for ever: within some hours one sender's answers are one open task, and after a few of them nobody is alerted.
"""

from datetime import datetime, timedelta
from typing import Any

from capture.mail.reading import IncomingMail
from leadhub.accounts.duty import find_answerer
from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead, Task, TaskKind
from leadhub.leads.responses import recount_responses
from leadhub.leads.tasks import create_task, retitle_task
from leadhub.leads.timeline import record_event
from leadhub.live.alerts import raise_alert
from leadhub.live.models import Alert

ONE_TASK_FOR = timedelta(hours=12)
MOST_ALERTED = 3
_QUOTED_CHARACTERS = 120


def note_reply(mail: IncomingMail, *, lead: Lead, told: dict[str, Any], now: datetime) -> None:
    """Note the answer, tell the owner of it, and have them answer it."""
    words = " ".join(mail.text.split()) or mail.subject or "(nothing written)"
    record_mail(lead, EventKind.MAIL_REPLIED, summary=words, told=told, now=now)
    recount_responses(lead=lead)
    member = find_answerer(lead.owner)
    number = _promise_answer(lead, member=member, about=mail.subject or words, told=told, now=now)
    if number <= MOST_ALERTED:
        cut = "…" if len(words) > _QUOTED_CHARACTERS else ""
        raise_alert(
            member=member,
            kind=Alert.Kind.REPLY,
            lead=lead,
            text=f"{lead.person.name} answered: “{words[:_QUOTED_CHARACTERS]}{cut}”",
            dedupe_key=_name_cause(told),
            now=now,
        )


def record_mail(lead: Lead, kind: EventKind, *, summary: str, told: dict[str, Any], now: datetime) -> None:
    """Put the mail on the timeline; a machine's answer walks nowhere."""
    record_event(
        person=lead.person,
        lead=lead,
        kind=kind,
        occurred_at=now,
        now=now,
        summary=summary,
        properties=told,
        dedupe_key=_name_cause(told),
        walks=kind != EventKind.MAIL_AUTO_REPLIED,
    )


def _promise_answer(lead: Lead, *, member: Membership, about: str, told: dict[str, Any], now: datetime) -> int:
    """Give the member the task to answer, or add to their open one; return how many answers it is for."""
    answers = Event.objects.filter(
        lead=lead, kind=EventKind.MAIL_REPLIED, occurred_at__gt=now - ONE_TASK_FOR, properties__from=told["from"]
    )
    open_tasks = Task.objects.filter(lead=lead, member=member, done_at=None)
    task = open_tasks.filter(dedupe_key__in=answers.values("dedupe_key")).select_for_update(of=("self",)).first()
    if task is not None:
        number = answers.filter(occurred_at__gte=task.created_at).count()
        retitle_task(task=task, title=f"Answer their {number} mails: {about}")
        return number
    create_task(
        lead=lead,
        member=member,
        kind=TaskKind.MAIL,
        title=f"Answer their mail: {about}",
        due_at=now,
        now=now,
        dedupe_key=_name_cause(told),
    )
    return 1


def _name_cause(told: dict[str, Any]) -> str:
    """Return the key that the mail's event, task and alert have in common."""
    return f"mail:{told['submission']}"
