"""What the settings hub says of each part: what it does, and its present state in one line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from capture.models import Form, Submission
from leadhub.accounts.access import Viewer
from leadhub.accounts.members import list_members
from leadhub.accounts.models import ApiKey, AuditEntry, Invitation
from leadhub.leads.models import Suppression
from leadhub.leads.versions import RuleVersion, find_draft, find_published
from leadhub.lib.countries import name_country
from leadhub.web.formatting import format_ago, format_duration
from leadhub.web.navigation import find_url
from leadhub.webhooks.models import Endpoint
from nurture.models import MailTemplate, Sequence
from nurture.settings import read_settings
from routing.availability import is_away
from routing.models import Holiday, Pool, PoolMember, RoutingRuleSet, SlaPolicy
from scoring.models import ScoreModel

State = Callable[[Viewer, datetime], str]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One part of the settings: where it is, what it does, how it stands."""

    title: str
    purpose: str
    url: str
    icon: str
    state: str


@dataclass(frozen=True)
class Part:
    """A card before it is asked for its state; one whose URL the product lacks is left out."""

    title: str
    purpose: str
    url_name: str
    icon: str
    state: State
    permission: str = "settings.edit"


def list_cards(viewer: Viewer, *, now: datetime) -> list[tuple[str, list[Card]]]:
    """Return the titled groups of cards that the viewer may open."""
    groups = [
        (title, [_show(part, viewer, now) for part in parts if _is_there(part, viewer)]) for title, parts in PARTS
    ]
    return [(title, cards) for title, cards in groups if cards]


def _is_there(part: Part, viewer: Viewer) -> bool:
    return bool(find_url(part.url_name)) and viewer.may(part.permission)


def _show(part: Part, viewer: Viewer, now: datetime) -> Card:
    return Card(
        title=part.title,
        purpose=part.purpose,
        url=find_url(part.url_name),
        icon=part.icon,
        state=part.state(viewer, now),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _version(version: RuleVersion | None, what: str, *, has_draft: bool, now: datetime) -> str:
    if version is None:
        return "Nothing is published yet"
    by = f" by {version.published_by.name}" if version.published_by else ""
    published = f", published {format_ago(version.published_at, now)}{by}" if version.published_at else ""
    return f"{what}{published}{'; a draft is open' if has_draft else ''}"


def _scoring(_viewer: Viewer, now: datetime) -> str:
    live = find_published(ScoreModel)
    rules = len(live.fit_rules) + len(live.engagement_rules) if live else 0
    return _version(live, _count(rules, "rule"), has_draft=find_draft(ScoreModel) is not None, now=now)


def _thresholds(_viewer: Viewer, _now: datetime) -> str:
    live = find_published(ScoreModel)
    if live is None:
        return "Nothing is published yet"
    bar = f"MQL from fit {live.fit_bar.normalize():f} and engagement {live.engagement_bar.normalize():f}"
    return f"{bar}; points halve every {live.half_life_days:.0f} days"


def _routing(_viewer: Viewer, now: datetime) -> str:
    live = find_published(RoutingRuleSet)
    rules = live.rules.count() if live else 0
    return _version(live, _count(rules, "rule"), has_draft=find_draft(RoutingRuleSet) is not None, now=now)


def _pools(_viewer: Viewer, now: datetime) -> str:
    active = Pool.objects.filter(is_active=True).count()
    people = {row.member for row in PoolMember.objects.filter(pool__is_active=True).select_related("member")}
    away = sum(is_away(member, now) for member in people)
    turns = "1 person takes turns" if len(people) == 1 else f"{len(people)} people take turns"
    return f"{_count(active, 'pool')}, {turns}{f'; {away} away' if away else ''}"


def _sla(_viewer: Viewer, _now: datetime) -> str:
    pool = Pool.objects.filter(is_fallback=True).first()
    promised = SlaPolicy.objects.filter(pool=pool) if pool else []
    words = [
        f"{row.get_intent_display()} {format_duration(row.minutes * 60) if row.minutes else 'next business day'}"
        for row in promised
    ]
    return f"{', '.join(words)} ({pool})" if words else "The end of the next business day"


def _hours(_viewer: Viewer, now: datetime) -> str:
    pools = Pool.objects.filter(is_active=True)
    always = pools.filter(works_always=True).count()
    holidays = Holiday.objects.filter(on__gte=now.date()).count()
    return f"{_count(always, 'pool')} of {pools.count()} round the clock; {_count(holidays, 'holiday')} to come"


def _forms(_viewer: Viewer, now: datetime) -> str:
    opened = Form.objects.filter(is_active=True).count()
    closed = Form.objects.count() - opened
    posts = Submission.objects.filter(form__isnull=False, received_at__gte=now - timedelta(days=30)).count()
    return f"{_count(opened, 'open form')}{f', {closed} closed' if closed else ''}; {_count(posts, 'post')} in 30 days"


def _sequences(_viewer: Viewer, _now: datetime) -> str:
    counted = dict(Sequence.objects.order_by().values_list("state").annotate(n=Count("id")))
    words = [f"{counted[state]} {label.lower()}" for state, label in Sequence.State.choices if counted.get(state)]
    return ", ".join(words) or "None yet"


def _templates(_viewer: Viewer, _now: datetime) -> str:
    return _count(MailTemplate.objects.count(), "template")


def _sending(_viewer: Viewer, _now: datetime) -> str:
    rules = read_settings()
    quiet = f"Quiet {rules.quiet_from:%H:%M}–{rules.quiet_until:%H:%M}"
    cap = (
        f"at most {_count(rules.cap_mails, 'mail')} in {_count(rules.cap_days, 'day')}" if rules.cap_mails else "no cap"
    )
    return f"{quiet}, {cap}{'' if rules.postal_address else '; the postal address is missing'}"


def _suppressions(_viewer: Viewer, _now: datetime) -> str:
    return f"{Suppression.objects.count()} on the list"


def _members(_viewer: Viewer, now: datetime) -> str:
    invited = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now).count()
    return f"{_count(len(list_members()), 'member')}{f', {invited} invited' if invited else ''}"


def _keys(_viewer: Viewer, now: datetime) -> str:
    keys = ApiKey.objects.filter(revoked_at=None)
    last_at = keys.aggregate(last_at=Max("last_used_at"))["last_at"]
    return f"{_count(keys.count(), 'key')}, {f'last used {format_ago(last_at, now)}' if last_at else 'none used yet'}"


def _webhooks(_viewer: Viewer, _now: datetime) -> str:
    counted = dict(Endpoint.objects.order_by().values_list("state").annotate(n=Count("id")))
    words = [f"{counted[state]} {label.lower()}" for state, label in Endpoint.State.choices if counted.get(state)]
    return ", ".join(words) or "None yet"


def _organization(viewer: Viewer, _now: datetime) -> str:
    organization = viewer.organization
    return (
        f"{organization.name}, {organization.currency}, {organization.time_zone}, {name_country(organization.country)}"
    )


def _audit(_viewer: Viewer, now: datetime) -> str:
    changes = AuditEntry.objects.filter(at__gte=now - timedelta(days=7)).count()
    last = AuditEntry.objects.select_related("actor").order_by("-at").first()
    by = f"; the last {format_ago(last.at, now)} by {last.actor.name if last.actor else 'LeadHub'}" if last else ""
    return f"{_count(changes, 'change')} in 7 days{by}"


def _dry_run(_viewer: Viewer, _now: datetime) -> str:
    return "Writes nothing"


PARTS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    (
        "Who is ready, who gets them",
        (
            Part("Score model", "Points for who they are and what they do", "score_model", "target", _scoring),
            Part("Thresholds", "The two lines a lead must cross", "score_model", "adjustments", _thresholds),
            Part("Routing rules", "The first rule that matches gets the lead", "routing_rules", "route", _routing),
            Part("Pools", "Who takes turns, how many leads each may have", "pool_list", "users-group", _pools),
            Part("Promises (SLA)", "The time to the first attempt, by intent", "pool_list", "hourglass", _sla),
            Part("Business hours", "When the clock runs; holidays", "pool_list", "clock", _hours),
            Part("Dry run", "What would happen to one lead, step by step", "dry_run", "test-pipe", _dry_run),
        ),
    ),
    (
        "Doors and mail",
        (
            Part("Forms", "Fields, words and keys of the web forms", "form_list", "forms", _forms),
            Part("Sequences", "Mails and tasks for who is not ready yet", "sequence_list", "mail-forward", _sequences),
            Part("Templates", "Words to begin a personal mail with", "mail_template_list", "notes", _templates),
            Part("Rules of sending", "Quiet hours, the cap, who writes", "nurture_settings", "moon", _sending),
            Part("Suppression list", "Addresses never to be mailed", "suppression_list", "mail", _suppressions),
        ),
    ),
    (
        "Organization",
        (
            Part(
                "Organization", "Name, time zone, currency, country", "organization_settings", "building", _organization
            ),
            Part("Members", "Who works here, with which role and duty", "member_list", "user-cog", _members),
            Part("API keys", "Programs that act as a member", "api_key_list", "key", _keys),
            Part("Webhooks", "Systems that are told of what happens", "webhook_list", "plug-connected", _webhooks),
            Part("Audit log", "Who changed what, when, before and after", "audit_log", "history", _audit),
        ),
    ),
)
