"""Marketing touches: making them, and finding the one that a lead is reported under. Called by arrival."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from leadhub.leads.models import Channel, Person, Touch

REPORT_WINDOW = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class TouchDetails:
    """Where a session came from, classified; the defaults say that nothing is known."""

    channel: Channel = Channel.UNKNOWN
    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    click_id_kind: str = ""
    click_id: str = ""
    landing_page: str = ""
    referrer: str = ""
    visitor_id: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether anything is known of the session."""
        return self != TouchDetails(visitor_id=self.visitor_id)


def make_touch(*, person: Person, details: TouchDetails, occurred_at: datetime) -> Touch | None:
    """Return the touch, unsaved, each value cut to its column; None where nothing is known."""
    if not details.is_known:
        return None
    touch = Touch(person=person, occurred_at=occurred_at, channel=details.channel)
    for field in fields(details):
        if field.name != "channel":
            longest = Touch._meta.get_field(field.name).max_length  # type: ignore[union-attr]
            setattr(touch, field.name, getattr(details, field.name).strip()[:longest])
    return touch


def find_report_touch(*, person: Person, session: Touch | None, is_new_person: bool, at: datetime) -> Touch | None:
    """Return what a lead opened at `at` is reported under.

    The session of the opening inquiry; where that is direct or not known, the last touch of the 90 days before
    that is neither; else the session itself.
    """
    if is_new_person or (session and is_telling(session.channel)):
        return session
    silent = [channel for channel in Channel if not is_telling(channel)]
    earlier = (
        Touch.objects.filter(person=person, occurred_at__gte=at - REPORT_WINDOW, occurred_at__lte=at)
        .exclude(channel__in=silent)
        .order_by("-occurred_at")
        .first()
    )
    return earlier or session


def is_telling(channel: str) -> bool:
    """Say whether the channel tells where somebody came from."""
    return channel not in {Channel.DIRECT, Channel.UNKNOWN}
