"""Data at scale: organizations founded as ever, then people, leads and events in sets."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from benchmarks.filling import insert_select, without_keys

TABLES = ("person", "touch", "lead", "inquiry", "event", "assignment", "stage_change")
EVENTS_EACH = 10
REPS = 5

# One row per lead: ids in the order of arrival, as the product makes them; a year of days; a stage by its number.
_LEADS = """
CREATE UNLOGGED TABLE bench_lead AS
SELECT o.id AS organization_id, n, at, uuidv7(at - now()) AS person_id, uuidv7(at - now()) AS lead_id,
    uuidv7(at - now()) AS touch_id, uuidv7(at - now()) AS inquiry_id,
    reps.ids[1 + n %% array_length(reps.ids, 1)] AS rep_id, reps.admin_id,
    CASE WHEN n %% 100 < 55 THEN 'new' WHEN n %% 100 < 70 THEN 'mql' WHEN n %% 100 < 78 THEN 'sal'
        WHEN n %% 100 < 85 THEN 'sql' WHEN n %% 100 < 93 THEN 'customer' WHEN n %% 100 < 97 THEN 'recycled'
        ELSE 'disqualified' END AS stage,
    (ARRAY['paid_search', 'organic_search', 'paid_social', 'direct', 'email', 'referral'])[1 + n %% 6] AS channel,
    (ARRAY['google', 'bing', 'facebook', '(direct)', 'newsletter', 'partner.example'])[1 + n %% 6] AS source
FROM unnest(%s::uuid[]) AS o (id)
CROSS JOIN LATERAL (
    SELECT array_agg(m.id) FILTER (WHERE m.role = 'rep') AS ids, min(m.id::text) FILTER (WHERE m.role = 'admin')::uuid
        AS admin_id FROM membership m WHERE m.organization_id = o.id
) reps
CROSS JOIN LATERAL (
    SELECT n, now() - make_interval(secs => (%s - n) * 31536000.0 / %s) AS at FROM generate_series(1, %s) AS n
) days
"""
_IS_READY = "stage <> 'new'"
_OPENING = {"organization_id": "organization_id", "person_id": "person_id", "lead_id": "lead_id"}
_PERSON = {
    "organization_id": "organization_id",
    "id": "person_id",
    "first_name": "'Person'",
    "last_name": "n::text",
    "email": "'p' || n || '@client' || n % 1000 || '.example'",
    "email_norm": "'p' || n || '@client' || n % 1000 || '.example'",
    "phone": "'+1206' || lpad((n % 10000000)::text, 7, '0')",
    "phone_e164": "'+1206' || lpad((n % 10000000)::text, 7, '0')",
    "company_name": "'Client ' || n % 1000",
    "country": "'US'",
    "created_at": "at",
}
_TOUCH = {
    "organization_id": "organization_id",
    "id": "touch_id",
    "person_id": "person_id",
    "occurred_at": "at",
    "channel": "channel",
    "source": "source",
    "campaign": "'campaign ' || n % 20",
    "landing_page": "'/page/' || n % 40",
}
_LEAD = {
    "organization_id": "organization_id",
    "id": "lead_id",
    "person_id": "person_id",
    "number": "1",
    "stage": "stage",
    "owner_id": f"CASE WHEN {_IS_READY} THEN rep_id ELSE admin_id END",
    "captured_at": "at",
    "verdict": f"CASE WHEN {_IS_READY} THEN 'qualified' ELSE 'pending' END",
    "verdict_at": f"CASE WHEN {_IS_READY} THEN at END",
    "channel": "channel",
    "source": "source",
    "campaign": "'campaign ' || n % 20",
    "term": "'keyword ' || n % 50",
    "landing_page": "'/page/' || n % 40",
    "first_touch_id": "touch_id",
    "last_touch_id": "touch_id",
    "quote_value": "n % 50 * 100",
    "quote_value_source": "'form'",
    "sales_value": "CASE WHEN stage = 'customer' THEN n % 50 * 100 ELSE 0 END",
    "currency": "'USD'",
    "mql_at": f"CASE WHEN {_IS_READY} THEN at END",
    "mql_reason": f"CASE WHEN {_IS_READY} THEN 'hand_raise' ELSE '' END",
    "sal_at": "CASE WHEN stage IN ('sal', 'sql', 'customer') THEN at + interval '5 minutes' END",
    "sql_at": "CASE WHEN stage IN ('sql', 'customer') THEN at + interval '2 days' END",
    "customer_at": "CASE WHEN stage = 'customer' THEN at + interval '20 days' END",
    "recycled_at": "CASE WHEN stage = 'recycled' THEN at + interval '9 days' END",
    "disqualified_at": "CASE WHEN stage = 'disqualified' THEN at + interval '1 day' END",
    "disposition": "CASE stage WHEN 'recycled' THEN 'cold' WHEN 'disqualified' THEN 'no_fit' ELSE '' END",
    "updated_at": "at",
}
_INQUIRY = {
    **_OPENING,
    "id": "inquiry_id",
    "touch_id": "touch_id",
    "door": "'form'",
    "is_opening": "true",
    "service": "(ARRAY['siding', 'roofing', 'windows'])[1 + n % 3]",
    "intent": f"CASE WHEN {_IS_READY} THEN 'hot' ELSE 'warm' END",
    "message": "'Please tell me what it costs.'",
    "quote_value": "n % 50 * 100",
    "arrived_at": "at",
    "first_attempt_at": "CASE WHEN stage NOT IN ('new', 'mql') THEN at + interval '4 minutes' END",
    "response_seconds": "CASE WHEN stage NOT IN ('new', 'mql') THEN 240 END",
    "sla_seconds": "CASE WHEN stage NOT IN ('new', 'mql') THEN 240 END",
}
# The first event is the form; then pages, some of them the prices, mails opened and a download.
_EVENT = {
    **_OPENING,
    "id": "uuidv7(at - now() + k * interval '1 hour')",
    "inquiry_id": "CASE WHEN k = 0 THEN inquiry_id END",
    "kind": "(ARRAY['form_submitted', 'page_viewed', 'mail_opened', 'page_viewed', 'acknowledged', 'page_viewed',"
    " 'mail_opened', 'content_downloaded', 'acknowledged', 'page_viewed'])[1 + k % 10]",
    "occurred_at": "least(at + k * interval '1 hour', now())",
    "logged_at": "least(at + k * interval '1 hour', now())",
    "properties": """CASE WHEN k % 2 = 1 THEN jsonb_build_object('page', '/page/' || (n + k) % 40) ELSE '{}' END""",
}
_ASSIGNMENT = {
    "organization_id": "organization_id",
    "id": "uuidv7(at - now())",
    "lead_id": "lead_id",
    "inquiry_id": "inquiry_id",
    "member_id": f"CASE WHEN {_IS_READY} THEN rep_id ELSE admin_id END",
    "state": "CASE stage WHEN 'new' THEN 'held' WHEN 'mql' THEN 'offered' ELSE 'accepted' END",
    "reason": f"CASE WHEN {_IS_READY} THEN 'fallback' ELSE 'marketing_owner' END",
    "is_sales": _IS_READY,
    "assigned_at": "at",
}
_MOVE = {
    "organization_id": "organization_id",
    "id": "uuidv7(at - now())",
    "lead_id": "lead_id",
    "from_stage": "'new'",
    "to_stage": "'mql'",
    "at": "at",
}
# What one lead consists of, in the order of the references; from a source with the columns of `bench_lead`.
ONE_LEAD = {
    "person": _PERSON,
    "touch": _TOUCH,
    "lead": _LEAD,
    "inquiry": _INQUIRY,
    "event": _EVENT,
    "assignment": _ASSIGNMENT,
}


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much there is, and one organization of it to look at."""

    organizations: list[UUID]
    leads: int
    events: int


def fill(*, owner_url: str, organizations: int, leads_each: int) -> Scale:
    """Found the organizations and fill them."""
    found = [_found(number) for number in range(organizations)]
    with psycopg.connect(owner_url) as database, without_keys(database, TABLES):
        database.execute(_LEADS, [found, leads_each, leads_each, leads_each])
        insert_select(database, "person", _PERSON, "bench_lead")
        insert_select(database, "touch", _TOUCH, "bench_lead")
        insert_select(database, "lead", _LEAD, "bench_lead")
        insert_select(database, "inquiry", _INQUIRY, "bench_lead")
        insert_select(database, "event", _EVENT, f"bench_lead CROSS JOIN generate_series(0, {EVENTS_EACH - 1}) AS k")
        insert_select(database, "assignment", _ASSIGNMENT, "bench_lead")
        insert_select(database, "stage_change", _MOVE, f"bench_lead WHERE {_IS_READY}")
        database.execute("DROP TABLE bench_lead")
    leads = organizations * leads_each
    return Scale(organizations=found, leads=leads, events=leads * EVENTS_EACH)


def settle(*, owner_url: str) -> None:
    """Let nothing of before run into a measurement, and bring the tables into the state that autovacuum keeps them in.

    Arrivals that nobody walked yet are forgotten: the doors' own measurement stores more than the line walks meanwhile.
    """
    from leadhub.work.models import Job

    Job.objects.filter(kind="line.walk_submission").delete()
    wait_for_workers()
    with psycopg.connect(owner_url, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")


def wait_for_workers() -> None:
    """Wait until the installation's workers have nothing due."""
    from leadhub.work.models import Job

    while Job.objects.filter(dead_at=None, due_at__lte=datetime.now(UTC)).exists():
        time.sleep(0.5)


def _found(number: int) -> UUID:
    """Found an organization with its admin and reps, the same people in all of them."""
    from leadhub.accounts.logins import create_login
    from leadhub.accounts.members import add_member
    from leadhub.accounts.models import Role, User
    from leadhub.desk.founding import found_organization
    from leadhub.tenancy.scope import scope
    from routing.models import Pool, PoolMember

    now = datetime.now(UTC)
    password = "bench bench bench"  # noqa: S105
    founded = found_organization(
        name=f"Scale {number}", admin_email="scale@example.com", admin_password=password, now=now
    )
    with scope(founded.organization.id):
        pool = Pool.objects.get(is_fallback=True)
        for rep in range(REPS):
            email = f"rep{rep}@example.com"
            user = User.objects.filter(email=email).first() or create_login(
                email=email, password=password, name=f"Rep {rep}"
            )
            member = add_member(user=user, role=Role.REP, name=f"Rep {rep}", now=now)
            PoolMember.objects.get_or_create(pool=pool, member=member)
        PoolMember.objects.filter(pool=pool, member=founded.admin).delete()
        Pool.objects.filter(pk=pool.pk).update(works_always=True)
    return founded.organization.id
