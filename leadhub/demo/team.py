"""The demo's organization: its people, forms and pool. Everybody's password is the demo's."""

from dataclasses import dataclass
from datetime import datetime

from capture.defaults import create_default_form
from capture.models import Form
from leadhub.accounts.logins import create_login
from leadhub.accounts.members import add_member, give_duty
from leadhub.accounts.models import Membership, Role, User
from leadhub.demo.story import COMPANY, PASSWORD, TIME_ZONE
from leadhub.desk.founding import Founded, found_organization
from leadhub.leads.models import Intent
from leadhub.tenancy.scope import scope
from routing.models import Pool, PoolMember
from routing.publishing import publish_draft, save_rule

DOMAIN = "northwind.example"
COLLEAGUES = (("Max", Role.MARKETER), ("Mia", Role.MANAGER), ("Ria", Role.REP), ("Raj", Role.REP))
# What the form for a quote asks beside the usual: where the house stands.
ADDRESS = tuple(
    {"name": name, "label": label, "kind": name, "required": False, "options": []}
    for name, label in (("street", "Street"), ("postal_code", "ZIP"), ("city", "City"), ("region", "State"))
)
FORMS = (
    ("quote", "Request a quote", Intent.HOT),
    ("question", "Ask a question", Intent.WARM),
    ("guide", "Download the roof guide", Intent.CONTENT),
)


@dataclass(frozen=True, kw_only=True)
class Team:
    """The organization and who is who in it."""

    founded: Founded
    max: Membership
    mia: Membership
    reps: tuple[Membership, ...]
    forms: dict[str, Form]


def found_team(*, now: datetime) -> Team:
    """Found the organization as of `now`: Ada is its admin, Max owns nurture leads, Mia is on duty."""
    founded = found_organization(
        name=COMPANY,
        admin_email=f"ada@{DOMAIN}",
        admin_password=PASSWORD,
        admin_name="Ada",
        now=now,
        time_zone=TIME_ZONE,
    )
    with scope(founded.organization.id):
        people = {name: _join(name, role, now=now) for name, role in COLLEAGUES}
        give_duty(member=people["Max"], duty="marketing_owner", actor=founded.admin, now=now)
        give_duty(member=people["Mia"], duty="duty_manager", actor=founded.admin, now=now)
        _fill_pool(reps=[people["Ria"], people["Raj"]])
        _write_rules(managers_to=people["Raj"], wisconsin_to=people["Ria"], actor=founded.admin, now=now)
        forms = {key: _make_form(name, intent, now=now) for key, name, intent in FORMS}
    reps = (people["Ria"], people["Raj"])
    return Team(founded=founded, max=people["Max"], mia=people["Mia"], reps=reps, forms=forms)


def list_logins() -> list[tuple[str, str]]:
    """Return (e-mail, role) of everybody in the demo."""
    admin = (f"ada@{DOMAIN}", str(Role.ADMIN.label))
    return [admin, *((f"{name.lower()}@{DOMAIN}", str(role.label)) for name, role in COLLEAGUES)]


def _join(name: str, role: Role, *, now: datetime) -> Membership:
    email = f"{name.lower()}@{DOMAIN}"
    user = User.objects.filter(email=email).first() or create_login(email=email, password=PASSWORD, name=name)
    return add_member(user=user, role=role, name=name, now=now)


def _fill_pool(*, reps: list[Membership]) -> None:
    """Let the reps take turns instead of the admin."""
    pool = Pool.objects.get(is_fallback=True)
    PoolMember.objects.filter(pool=pool).delete()
    for rep in reps:
        PoolMember.objects.create(pool=pool, member=rep)


def _write_rules(*, managers_to: Membership, wisconsin_to: Membership, actor: Membership, now: datetime) -> None:
    """Let one rep have those who look after many houses, and the other a territory."""
    managers = {"all": [{"field": "person.title", "op": "contains", "value": "property manager"}]}
    save_rule(name="Property managers", condition=managers, target="member", member=managers_to, actor=actor, now=now)
    wisconsin = {"all": [{"field": "person.postal_code", "op": "starts_with", "value": "53"}]}
    save_rule(name="Wisconsin", condition=wisconsin, target="member", member=wisconsin_to, actor=actor, now=now)
    publish_draft(actor=actor, now=now, note="Property managers have one face, Wisconsin is a territory")


def _make_form(name: str, intent: Intent, *, now: datetime) -> Form:
    form = create_default_form(name=name, now=now)
    form.intent = intent
    if intent == Intent.HOT:
        *usual, message = form.fields
        form.fields = [*usual, *ADDRESS, message]
    form.save(update_fields=["intent", "fields"])
    return form
