"""Read and change the rules of sending. Called by the settings page, the API and everything that mails."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.conf import settings

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.normal import normalise_email
from leadhub.lib.errors import DomainError
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import enqueue
from nurture.models import NurtureSettings

TURNS = "nurture.turns"
LONGEST_CAP_DAYS = 365
MOST_CAPPED = 1_000
MOST_A_DAY = 1_000_000


class SettingsInvalid(DomainError):
    """A rule of sending that cannot be kept."""


@dataclass(frozen=True, kw_only=True)
class SendingRules:
    """Quiet hours in the lead's own time, the caps over all sequences and of a day, and what each mail shows."""

    quiet_from: time = time(20)
    quiet_until: time = time(8)
    is_weekend_quiet: bool = False
    cap_mails: int = 2
    cap_days: int = 7
    mails_a_day: int = 0
    postal_address: str = ""
    from_name: str = ""
    reply_to: str = ""

    @property
    def daily_limit(self) -> int:
        """How many mails may be written in a day: the organization's number or the installation's; 0: any."""
        return min((number for number in (self.mails_a_day, settings.MAILS_A_DAY) if number), default=0)


_FIELDS = tuple(SendingRules.__dataclass_fields__)


def read_settings() -> SendingRules:
    """Return the organization's rules, or the usual ones where nobody set any."""
    row = NurtureSettings.objects.first()
    return SendingRules(**{name: getattr(row, name) for name in _FIELDS}) if row else SendingRules()


def save_settings(*, rules: SendingRules, actor: Membership | None, now: datetime) -> SendingRules:
    """Change the rules, audited; what waits is sent by the new ones. Raises `SettingsInvalid`."""
    _require_valid(rules)
    before = read_settings()
    if rules.daily_limit != before.daily_limit:
        enqueue(kind=TURNS, target_id=get_organization_id(), dedupe_key="turns", due_at=now, now=now)
    row, _ = NurtureSettings.objects.update_or_create(defaults=asdict(rules))
    record_change(
        actor=actor,
        action="nurture_settings.changed",
        target_kind="nurture_settings",
        target_id=row.pk,
        summary="Rules of sending changed",
        now=now,
        before=_write(before),
        after=_write(rules),
    )
    return rules


def _require_valid(rules: SendingRules) -> None:
    if not 0 <= rules.cap_mails <= MOST_CAPPED:
        raise SettingsInvalid(f"Enter 0 for no limit, or how many mails, up to {MOST_CAPPED:,}.", field="cap_mails")
    if not 1 <= rules.cap_days <= LONGEST_CAP_DAYS:
        raise SettingsInvalid(f"Enter 1 to {LONGEST_CAP_DAYS} days.", field="cap_days")
    if not 0 <= rules.mails_a_day <= MOST_A_DAY:
        raise SettingsInvalid(f"Enter 0 for no limit, or how many mails, up to {MOST_A_DAY:,}.", field="mails_a_day")
    if rules.reply_to and normalise_email(rules.reply_to) is None:
        raise SettingsInvalid("This is not an e-mail address.", field="reply_to")


def _write(rules: SendingRules) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(rules).items()}
