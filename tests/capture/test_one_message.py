"""A post is one message to PostgreSQL: one transaction in its organization, sent again where the connection broke."""

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from capture.doors import WALK_SUBMISSION, Arrival, store_submission
from capture.models import Submission
from leadhub.leads.models import Door
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import execute_repeatable
from leadhub.work.models import Job, Lane
from tests.capture.posting import count_jobs, list_submissions
from tests.personas import NOW

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
ARRIVAL = Arrival(door=Door.API, form_id=None, body=b"{}")


def store(organization: Organization, submission_id: object) -> None:
    store_submission(
        organization_id=organization.id,
        submission_id=submission_id,  # type: ignore[arg-type]
        arrival=ARRIVAL,
        status=Submission.Status.PENDING,
        reasons=[],
        now=NOW,
    )


def break_connection() -> None:
    """End our session from another one, as a restart of the database does."""
    connection.ensure_connection()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        assert cursor.fetchone() == (True,)


def test_nothing_of_the_organization_stays_on_the_connection(acme: Organization) -> None:
    store(acme, new_id())
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('leadhub.organization_id', true)")
        assert cursor.fetchone() == ("",)
        cursor.execute("SELECT count(*) FROM submission")
        assert cursor.fetchone() == (0,)


def test_another_organization_cannot_be_written_to(acme: Organization, eve: object) -> None:
    theirs = Organization.objects.exclude(pk=acme.pk).get()
    sql = "UPDATE submission SET reasons = '{changed}'"
    store(theirs, new_id())
    execute_repeatable(acme.id, sql, {})
    assert list_submissions(theirs.id)[0].reasons == []
    execute_repeatable(theirs.id, sql, {})
    assert list_submissions(theirs.id)[0].reasons == ["changed"]


def test_a_broken_connection_loses_no_post(acme: Organization) -> None:
    break_connection()
    store(acme, new_id())
    assert (len(list_submissions(acme.id)), count_jobs(acme.id)) == (1, 1)


def test_what_was_stored_before_the_connection_broke_is_not_stored_again(acme: Organization) -> None:
    submission_id = new_id()
    store(acme, submission_id)
    Job.objects.all().delete()  # a worker was quicker
    store(acme, submission_id)
    assert (len(list_submissions(acme.id)), count_jobs(acme.id)) == (1, 0)


def test_a_submission_without_its_job_is_not_kept(acme: Organization) -> None:
    submission_id = new_id()
    Job.objects.create(
        organization=acme,
        lane=Lane.SPEED,
        kind=WALK_SUBMISSION,
        target_id=submission_id,
        dedupe_key=str(submission_id),
        due_at=NOW,
        created_at=NOW,
    )
    with pytest.raises(IntegrityError):
        store(acme, submission_id)
    assert list_submissions(acme.id) == []


def test_an_error_of_a_sound_connection_is_told_at_once(acme: Organization) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SEQUENCE tries; GRANT USAGE ON tries TO PUBLIC")
    try:
        with pytest.raises(OperationalError):
            execute_repeatable(acme.id, "SELECT nextval('tries'); SELECT pg_cancel_backend(pg_backend_pid())", {})
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT nextval('tries')")
            assert cursor.fetchone() == (2,)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP SEQUENCE tries")
