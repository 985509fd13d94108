"""A person's events as the lead page draws them: this lead's, and the earlier leads' folded away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, EventKind, Lead, Outcome
from leadhub.web.formatting import format_moment, format_money
from leadhub.web.parts import Tab

SHORT, LONG = 60, 1000

TALK = frozenset(
    {
        EventKind.CALL_OUTBOUND,
        EventKind.CALL_INBOUND,
        EventKind.VOICEMAIL_LEFT,
        EventKind.MAIL_SENT,
        EventKind.MAIL_REPLIED,
        EventKind.MAIL_AUTO_REPLIED,
        EventKind.MAIL_BOUNCED,
        EventKind.MESSAGE_SENT,
        EventKind.CHAT,
        EventKind.MEETING_REQUESTED,
        EventKind.MEETING_BOOKED,
        EventKind.MEETING_HELD,
        EventKind.MEETING_NO_SHOW,
        EventKind.NOTE,
        EventKind.ACKNOWLEDGED,
    }
)
BEHAVIOUR = frozenset(
    {
        EventKind.FORM_SUBMITTED,
        EventKind.INQUIRY_REPEATED,
        EventKind.PAGE_VIEWED,
        EventKind.CONTENT_DOWNLOADED,
        EventKind.WEBINAR_REGISTERED,
        EventKind.WEBINAR_ATTENDED,
        EventKind.MAIL_OPENED,
        EventKind.MAIL_CLICKED,
        EventKind.UNSUBSCRIBED,
        EventKind.CUSTOM,
    }
)
FILTERS: dict[str, tuple[str, frozenset[EventKind]]] = {
    "": ("All", frozenset(EventKind)),
    "talk": ("Conversations", TALK),
    "behaviour": ("What they did", BEHAVIOUR),
    "changes": ("Changes", frozenset(EventKind) - TALK - BEHAVIOUR),
}

_LOOKS: dict[str, tuple[str, str]] = {
    EventKind.FORM_SUBMITTED: ("forms", "info"),
    EventKind.INQUIRY_REPEATED: ("repeat", "plain"),
    EventKind.PAGE_VIEWED: ("eye", "plain"),
    EventKind.CONTENT_DOWNLOADED: ("download", "info"),
    EventKind.CALL_OUTBOUND: ("phone-outgoing", "good"),
    EventKind.CALL_INBOUND: ("phone-incoming", "good"),
    EventKind.VOICEMAIL_LEFT: ("microphone", "plain"),
    EventKind.MAIL_SENT: ("mail-forward", "plain"),
    EventKind.MAIL_OPENED: ("mail-opened", "plain"),
    EventKind.MAIL_REPLIED: ("mail", "good"),
    EventKind.MAIL_AUTO_REPLIED: ("robot", "plain"),
    EventKind.MAIL_BOUNCED: ("mail", "bad"),
    EventKind.CHAT: ("messages", "good"),
    EventKind.NOTE: ("note", "warn"),
    EventKind.ACKNOWLEDGED: ("send", "plain"),
    EventKind.STAGE_CHANGED: ("arrow-up-right", "info"),
    EventKind.VERDICT_CHANGED: ("scale", "plain"),
    EventKind.VALUE_CHANGED: ("coins", "plain"),
    EventKind.OWNER_CHANGED: ("user-check", "plain"),
    EventKind.QUALIFICATION_CHANGED: ("clipboard-check", "info"),
    EventKind.DETAILS_CHANGED: ("pencil", "info"),
    EventKind.DISPOSED: ("archive", "warn"),
    EventKind.WOKEN: ("sunrise", "info"),
    EventKind.COOLING: ("snowflake", "warn"),
    EventKind.OPPORTUNITY_WON: ("trophy", "good"),
    EventKind.OPPORTUNITY_LOST: ("circle-x", "bad"),
    EventKind.UNSUBSCRIBED: ("message-off", "bad"),
    EventKind.MAIL_CLICKED: ("click", "info"),
    EventKind.SEQUENCE_ENTERED: ("mail-forward", "info"),
    EventKind.SEQUENCE_LEFT: ("logout", "plain"),
}
# What a call or a meeting came to, which its kind does not tell.
_OUTCOME_LOOKS: dict[str, tuple[str, str]] = {
    Outcome.CONNECTED: ("phone-call", "good"),
    Outcome.NO_ANSWER: ("phone-off", "plain"),
    Outcome.WRONG_NUMBER: ("circle-x", "bad"),
    Outcome.CALL_BACK: ("alarm", "info"),
}
# Their summary is a sentence of its own; that of the others only says what it was about.
_SPEAKING = frozenset(
    {
        EventKind.NOTE,
        EventKind.STAGE_CHANGED,
        EventKind.INQUIRY_CHANGED,
        EventKind.SNOOZED,
        EventKind.WOKEN,
        EventKind.COOLING,
        EventKind.UNSUBSCRIBED,
    }
)
_WRITTEN = frozenset({EventKind.MAIL_REPLIED, EventKind.MAIL_AUTO_REPLIED, EventKind.UNSUBSCRIBED})
# A form is one door of many.
_NAMES: dict[str, str] = {EventKind.FORM_SUBMITTED: "Inquiry"}
_DEALS = frozenset(
    {
        EventKind.OPPORTUNITY_OPENED,
        EventKind.OPPORTUNITY_CHANGED,
        EventKind.OPPORTUNITY_WON,
        EventKind.OPPORTUNITY_LOST,
    }
)
_FAMILIES = {"meeting": "calendar-event", "webinar": "users", "opportunity": "briefcase", "mail": "mail"}


@dataclass(frozen=True)
class Item:
    """One line of the timeline."""

    event: Event
    icon: str
    tone: str
    is_undoable: bool = False
    mail: Delivery | None = None

    @property
    def title(self) -> str:
        """What happened, in words."""
        outcome = self.event.properties.get("outcome")
        if outcome in Outcome.values and not is_letter(self.event):
            return str(Outcome(outcome).label)
        kind = _NAMES.get(self.event.kind) or self.event.get_kind_display()
        summary = _write_money(self.event) + _tell_day(self.event)
        if summary and self.event.kind not in _SPEAKING:
            return f"{kind}: {summary}"
        return summary or kind

    @property
    def note(self) -> str:
        """What was written with it."""
        return str(self.event.properties.get("note", ""))

    @property
    def words(self) -> str:
        """A mail's words as they were written, where the title shows only their beginning, or none of them."""
        text = str(self.event.properties.get("text", "")) if self.event.kind in _WRITTEN else ""
        return "" if text == self.event.summary else text


@dataclass(frozen=True)
class EarlierLead:
    """A former pass of the person, with what happened in it."""

    lead: Lead
    items: list[Item]


@dataclass(frozen=True)
class Timeline:
    """Everything that happened to the person, newest first."""

    items: list[Item]
    earlier: list[EarlierLead]
    tabs: list[Tab]
    has_more: bool


def read_timeline(*, lead: Lead, only: str, is_long: bool) -> Timeline:
    """Read the person's events in at most three statements; `only` is a key of `FILTERS`."""
    only = only if only in FILTERS else ""
    limit = LONG if is_long else SHORT
    events = Event.objects.filter(person_id=lead.person_id).select_related("actor").order_by("-occurred_at", "-id")
    if only:
        events = events.filter(kind__in=FILTERS[only][1])
    found = list(events[: limit + 1])
    former = Lead.objects.filter(person_id=lead.person_id).exclude(pk=lead.pk).order_by("-number")
    mails = _find_mails(found)
    earlier = [EarlierLead(each, _items(found, each, mails)) for each in former]
    shown = {each.lead.pk for each in earlier}
    return Timeline(
        items=_offer_undo([_draw(event, mails) for event in found[:limit] if event.lead_id not in shown]),
        earlier=earlier,
        tabs=[Tab(label, f"?timeline={key}", is_current=key == only) for key, (label, _) in FILTERS.items()],
        has_more=len(found) > limit,
    )


def list_latest(*, lead: Lead, limit: int) -> list[Item]:
    """Return the lead's latest events."""
    return [_draw(event) for event in Event.objects.filter(lead=lead).order_by("-occurred_at", "-id")[:limit]]


def is_letter(event: Event) -> bool:
    """Say whether the event is a personal mail that LeadHub sent: it names its delivery."""
    return event.kind == EventKind.MAIL_SENT and "delivery" in event.properties


def _find_mails(events: Iterable[Event]) -> Mapping[str, Delivery]:
    """Return the personal mails among the events, by the delivery that each names."""
    named = [UUID(event.properties["delivery"]) for event in events if is_letter(event)]
    mails = Delivery.objects.in_bulk(named) if named else {}
    return {str(pk): mail for pk, mail in mails.items()}


def _items(events: Iterable[Event], lead: Lead, mails: Mapping[str, Delivery]) -> list[Item]:
    return [_draw(event, mails) for event in events if event.lead_id == lead.pk]


def _draw(event: Event, mails: Mapping[str, Delivery] = MappingProxyType({})) -> Item:
    family = _FAMILIES.get(event.kind.split("_", maxsplit=1)[0], "activity")
    outcome = str(event.properties.get("outcome", ""))
    icon, tone = _OUTCOME_LOOKS.get(outcome) or _LOOKS.get(event.kind, (family, "plain"))
    return Item(event, icon, tone, mail=mails.get(event.properties["delivery"]) if is_letter(event) else None)


def _write_money(event: Event) -> str:
    """Return the event's summary; the amounts in it, which values and deals keep plain, as money."""
    told, summary = event.properties, event.summary
    if event.kind == EventKind.VALUE_CHANGED:
        currency = str(told.get("currency", ""))
        return " → ".join(
            format_money(Decimal(told[key]), currency) if told.get(key) else "none" for key in ("from", "to")
        )
    deal, _, plain = summary.rpartition(": ")
    amount, _, currency = plain.partition(" ")
    if event.kind in _DEALS and amount == told.get("amount"):
        return f"{deal}: {format_money(Decimal(amount), currency)}"
    return summary


def _tell_day(event: Event) -> str:
    """Say until when the event put the lead off."""
    wakes_at = event.properties.get("wakes_at")
    return f" until {format_moment(datetime.fromisoformat(wakes_at))}" if wakes_at else ""


def _offer_undo(items: list[Item]) -> list[Item]:
    """Offer to undo the outcome that was logged last; the one before follows once that is undone."""
    logged = (item for item in items if "outcome" in item.event.properties and not is_letter(item.event))
    outcomes = (item for item in logged if item.event.voided_at is None)
    last = next(outcomes, None)
    return [replace(item, is_undoable=item is last) for item in items]
