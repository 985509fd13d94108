"""The rows that URLs name, so that a test can walk every URL: a new one with a `<…>` unknown here fails the walk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from capture.imports.plan import Plan
from capture.models import Form, Import, Submission
from leadhub.accounts.models import ApiKey, Invitation, Membership
from leadhub.cli.places import Place
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, Inquiry, Lead, PersonMerge, SavedView, Suppression, Task
from leadhub.leads.opportunities import open_opportunity
from leadhub.lib.ids import new_id
from leadhub.live.models import Alert
from leadhub.tenancy.scope import scope
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job
from nurture.models import Enrollment, MailTemplate, Sequence, Step
from reporting.models import Spend, SpendUpload
from routing.models import Assignment, Holiday, Pool, PoolMember, RoutingRule, RoutingRuleSet
from routing.publishing import start_draft
from scoring.drafts import start_draft as start_score_draft
from scoring.models import ScoreModel
from tests.contracts.rows import build_row
from tests.desk.leads import add_inquiry, add_task, make_lead, offer
from tests.personas import NOW

TOLD = {"subject": "lead.won", "timestamp": NOW.isoformat(), "data": {}}
NOTHING_MOVED = {name: [] for name in ("identities", "touches", "events", "inquiries")} | {
    "leads": {},
    "silenced": False,
}


@dataclass(frozen=True)
class Furniture:
    """A member's lead and all that hangs on it, and one row of whatever else a URL can name."""

    member: Membership
    lead: Lead


def furnish(member: Membership) -> Furniture:
    """Give the member a lead with an inquiry, a task, a deal and an alert."""
    with scope(member.organization_id):
        lead = make_lead(owner=member, now=NOW, name=f"Lead of {member.name}")
        add_inquiry(lead, arrived_at=NOW)
        add_task(lead, due_at=NOW + timedelta(hours=1), now=NOW)
        offer(lead, now=NOW)
        open_opportunity(lead=lead, name="Roof", amount=Decimal(1000), actor=member, now=NOW)
        build_row(Event, person=lead.person, lead=lead, kind="note", dedupe_key=f"walk:{lead.pk}")
        build_row(Alert, member=member, lead=lead)
        build_row(SavedView, member=member)
        build_row(PersonMerge, kept=lead.person, moved=NOTHING_MOVED)
        build_row(Import, state="checked", header=["E-mail"], plan=Plan(columns=("email",)).to_json())
        build_row(Submission, status="quarantined", person=lead.person)
        build_row(Invitation, email=f"new-{member.pk}@example.com")
        build_row(Delivery, channel="mail", state="in_doubt")
        make_dead_letter(lead)
        make_call()
        build_row(Spend, upload=build_row(SpendUpload))
        start_score_draft(actor=member, now=NOW)
        sequence = build_row(Sequence)
        step = build_row(Step, sequence=sequence, position=0)
        waits = {"state": "active", "ended_at": None, "next_due_at": NOW}
        build_row(Enrollment, lead=lead, sequence=sequence, step=step, **waits)
        build_row(ScoreModel, version=99, state="retired")
        build_row(RoutingRuleSet, version=99, state="retired")
        build_row(RoutingRule, rule_set=start_draft(actor=member, now=NOW), target="member", member=member)
    return Furniture(member=member, lead=lead)


def make_dead_letter(lead: Lead) -> None:
    """Leave a job that was given up."""
    enqueue(kind="line.walk_event", target_id=lead.pk, dedupe_key=str(lead.pk), due_at=NOW, now=NOW)
    Job.objects.filter(dedupe_key=str(lead.pk)).update(dead_at=NOW)


def make_call() -> None:
    """Leave an endpoint that was told of something."""
    endpoint = build_row(Endpoint, state="active", rests_until=None, url="https://hooks.example/")
    delivery = build_row(Delivery, channel="webhook", state="sent", content=TOLD)
    build_row(Announcement, delivery=delivery, endpoint=endpoint)


def find_call() -> Announcement:
    """Return what the first endpoint was told."""
    found: Announcement = Announcement.objects.filter(endpoint=Endpoint.objects.earliest("id")).earliest("pk")
    return found


# By the route up to and including what it names.
ROWS: dict[str, Callable[[Furniture], object]] = {
    "/team/<uuid:member>": lambda here: here.member.pk,
    "/leads/<uuid:pk>": lambda here: here.lead.pk,
    "/leads/<uuid:pk>/outcomes/<uuid:event>": lambda here: Event.objects.get(lead=here.lead, kind="note").pk,
    "/leads/<uuid:pk>/tasks/<uuid:task>": lambda here: Task.objects.get(lead=here.lead).pk,
    "/leads/<uuid:pk>/opportunities/<uuid:opportunity>": lambda here: find_deal(here.lead),
    "/leads/<uuid:pk>/enrollments/<uuid:enrollment>": lambda here: find_enrollment(here.lead).pk,
    "/jobs/<uuid:pk>": lambda here: Job.objects.get(dedupe_key=str(here.lead.pk)).pk,
    "/deliveries/<uuid:pk>": lambda _: Delivery.objects.filter(state="in_doubt").earliest("id").pk,
    "/sequences/<uuid:pk>": lambda here: find_enrollment(here.lead).sequence_id,
    "/sequences/<uuid:pk>/steps/<uuid:step>": lambda here: find_enrollment(here.lead).step_id,
    "/sequences/enrollments/<uuid:pk>": lambda here: find_enrollment(here.lead).pk,
    "/sequences/templates/<uuid:pk>": lambda _: build_row(MailTemplate).pk,
    "/sequences/suppressions/<uuid:pk>": lambda _: build_row(Suppression).pk,
    "/inbox/<uuid:pk>": lambda _: Delivery.objects.earliest("id").pk,
    "/members/<uuid:pk>": lambda here: here.member.pk,
    "/invitations/<uuid:pk>": lambda _: Invitation.objects.earliest("id").pk,
    "/n/o/<str:token>": lambda _: "no-such-token",
    "/n/c/<str:token>": lambda _: "no-such-token",
    "/n/u/<str:token>": lambda _: "no-such-token",
    "/join/<str:token>": lambda _: "no-such-token",
    "/webhooks/<uuid:pk>": lambda _: Endpoint.objects.earliest("id").pk,
    "/webhooks/<uuid:pk>/calls/<uuid:delivery>": lambda _: find_call().pk,
    "/api/v1/webhooks/<uuid:pk>": lambda _: Endpoint.objects.earliest("id").pk,
    "/api/v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery>": lambda _: find_call().pk,
    "/api-keys/<uuid:pk>": lambda _: ApiKey.objects.earliest("id").pk,
    "/routing/rules/<uuid:pk>": lambda _: RoutingRule.objects.filter(rule_set__state="draft").earliest("id").pk,
    "/routing/pools/<uuid:pk>": lambda _: Pool.objects.get(is_fallback=True).pk,
    "/api/v1/score-models/draft/rules/<slug:kind>": lambda _: "fit",
    "/api/v1/score-models/draft/rules/<slug:kind>/<str:key>": lambda _: ScoreModel.objects.get(version=1).fit_rules[0][
        "key"
    ],
    "/api/v1/routing-rules/<uuid:pk>": lambda _: RoutingRule.objects.filter(rule_set__state="draft").earliest("id").pk,
    "/api/v1/members/<uuid:pk>": lambda here: here.member.pk,
    "/api/v1/forms/<uuid:pk>/google-key": lambda _: Form.objects.earliest("id").pk,
    "/api/v1/forms/<uuid:pk>": lambda _: Form.objects.earliest("id").pk,
    "/api/v1/pools/<uuid:pk>": lambda _: Pool.objects.get(is_fallback=True).pk,
    "/api/v1/pools/<uuid:pk>/members/<uuid:member>": lambda here: add_turn(here.member).member_id,
    "/api/v1/pools/<uuid:pk>/holidays/<str:on>": lambda _: add_day_off().on,
    "/api/v1/mail-templates/<uuid:pk>": lambda _: build_row(MailTemplate).pk,
    "/routing/versions/<int:version>": lambda _: 99,
    "/routing/members/<uuid:pk>": lambda here: here.member.pk,
    "/scoring/preview/<slug:side>": lambda _: "entering",
    "/scoring/draft/rules/<slug:kind>": lambda _: "fit",
    "/scoring/draft/rules/<slug:kind>/<str:key>": lambda _: find_fit_key(),
    "/scoring/versions/<int:version>": lambda _: 99,
    "/f/<str:key>/google-ads": lambda _: Form.objects.earliest("id").key,
    "/f/<str:key>": lambda _: Form.objects.earliest("id").key,
    "/forms/<uuid:pk>": lambda _: Form.objects.earliest("id").pk,
    "/intake/<uuid:pk>": lambda _: Submission.objects.earliest("id").pk,
    "/views/<uuid:pk>": lambda here: SavedView.objects.get(member=here.member).pk,
    "/imports/<uuid:pk>": lambda _: Import.objects.earliest("id").pk,
    "/inquiries/<uuid:pk>": lambda here: Inquiry.objects.get(lead=here.lead).pk,
    "/reports/spend/<uuid:pk>": lambda _: Spend.objects.earliest("id").pk,
    "/reports/spend/uploads/<uuid:pk>": lambda _: SpendUpload.objects.earliest("id").pk,
    "/alerts/<uuid:pk>": lambda here: Alert.objects.get(member=here.member).pk,
    "/api/v1/spend/<uuid:pk>": lambda _: Spend.objects.earliest("id").pk,
    "/api/v1/submissions/<uuid:pk>": lambda _: Submission.objects.earliest("id").pk,
    "/api/v1/people/<uuid:pk>": lambda here: here.lead.person_id,
    "/api/v1/merges/<uuid:pk>": lambda here: PersonMerge.objects.get(kept=here.lead.person).pk,
    "/people/merges/<uuid:pk>": lambda here: PersonMerge.objects.get(kept=here.lead.person).pk,
    "/people/<uuid:pk>": lambda here: here.lead.person_id,
    "/api/v1/imports/<uuid:pk>": lambda _: Import.objects.earliest("id").pk,
    "/api/v1/leads/<uuid:pk>": lambda here: here.lead.pk,
    "/api/v1/leads/<uuid:pk>/outcomes/<uuid:event>": lambda here: Event.objects.get(lead=here.lead, kind="note").pk,
    "/api/v1/reassignments/<uuid:pk>": lambda here: find_batch(here.lead),
    "/api/v1/tasks/<uuid:pk>": lambda here: Task.objects.get(lead=here.lead).pk,
    "/api/v1/sequences/<uuid:pk>": lambda here: find_enrollment(here.lead).sequence_id,
    "/api/v1/steps/<uuid:pk>": lambda here: find_enrollment(here.lead).step_id,
    "/api/v1/enrollments/<uuid:pk>": lambda here: find_enrollment(here.lead).pk,
    "/api/v1/suppressions/<uuid:pk>": lambda _: build_row(Suppression).pk,
    "/api/v1/opportunities/<uuid:pk>": lambda here: find_deal(here.lead),
}


def find_deal(lead: Lead) -> UUID:
    """Return the lead's deal."""
    deal: UUID = lead.opportunity_leads.get().opportunity_id
    return deal


def find_batch(lead: Lead) -> UUID:
    """Return a bulk reassignment that moved the lead once."""
    batch_id = new_id()
    build_row(Assignment, lead=lead, batch_id=batch_id, ended_at=NOW)
    return batch_id


def find_fit_key() -> str:
    """Return the key of a fit rule."""
    return str(ScoreModel.objects.get(version=1).fit_rules[0]["key"])


def add_turn(member: Membership) -> PoolMember:
    """Put the member into the turns of the fallback pool."""
    row: PoolMember = PoolMember.objects.get_or_create(pool=Pool.objects.get(is_fallback=True), member=member)[0]
    return row


def add_day_off() -> Holiday:
    """Close the fallback pool on a day."""
    pool = Pool.objects.get(is_fallback=True)
    holiday: Holiday = Holiday.objects.get_or_create(pool=pool, on=date(2026, 12, 25))[0]
    return holiday


def find_enrollment(lead: Lead) -> Enrollment:
    """Return the lead's enrollment."""
    found: Enrollment = Enrollment.objects.get(lead=lead)
    return found


def build_url(place: Place, furniture: Furniture) -> str:
    """Return the URL with the rows' keys in it; a KeyError says which part of it nobody knows how to fill."""
    before, after = "", place.route
    url = ""
    while "<" in after:
        text, _, rest = after.partition("<")
        name, _, after = rest.partition(">")
        before += f"{text}<{name}>"
        with scope(furniture.member.organization_id):
            url += text + str(ROWS[before](furniture))
    return url + after


def names_a_row(place: Place) -> bool:
    """Say whether the URL names a row by its key."""
    return "<uuid:" in place.route
