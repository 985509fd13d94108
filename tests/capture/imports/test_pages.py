"""The pages of an import: upload, columns, check, ledger, downloads, undo; who may, and what is told."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client

from capture.imports.models import Import, ImportMapping
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Lead, Person
from leadhub.lib.sheets import detect_layout, read_rows
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from tests.capture.imports.files import make_csv
from tests.factories import LeadFactory
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db
CONTENT = make_csv(("E-mail", "Name", "Budget"), ("lea@client.example", "Lea Lang", "=1+1"), ("nobody", "X", ""))


def post_file(browser: Client, content: bytes = CONTENT, name: str = "leads.csv") -> Import:
    answer = browser.post("/imports/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("created_at")


def run_jobs() -> None:
    from leadhub.lib.clock import utc_now

    run_due(now=utc_now())


def choose(**changes: str) -> dict[str, str]:
    columns = {"column-0": "email", "column-1": "name", "column-2": "custom"}
    return {**columns, "date_format": "iso", "decimal": "point", "duplicates": "skip", "assign": "marketing", **changes}


def test_from_upload_to_undo(max_: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    with scope(max_.organization_id):
        stored = post_file(browser)
        here = f"/imports/{stored.pk}/"
        page = browser.get(f"{here}mapping/").content.decode()
        assert "Lea Lang" in page
        assert 'name="column-0"' in page
        browser.post(f"{here}mapping/", choose())
        assert "Reading every row" in browser.get(here).content.decode()
        run_jobs()
        checked = browser.get(here).content.decode()
        assert "Import 1 row" in checked
        assert "Enter an e-mail address" in checked
        assert not Person.objects.exists()
        browser.post(f"{here}run/")
        run_jobs()
        lead = Lead.objects.get()
        assert lead.custom == {"Budget": "=1+1"}
        done = browser.get(here).content.decode()
        assert f"/leads/{lead.pk}/" in done
        assert browser.get(f"{here}progress/")["HX-Refresh"] == "true"
        browser.post(f"{here}undo/")
        run_jobs()
        assert "1 row taken back" in browser.get(here).content.decode()
        assert not Lead.objects.exists()
        actions = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"import.uploaded", "import.started", "import.undone"} <= actions


def test_a_finished_import_opens_its_leads(max_: Membership, eve: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    with scope(max_.organization_id):
        LeadFactory.create(owner=max_)
        stored = post_file(browser)
        browser.post(f"/imports/{stored.pk}/mapping/", choose())
        run_jobs()
        browser.post(f"/imports/{stored.pk}/run/")
        run_jobs()
        url = f"/leads/?from_import={stored.pk}"
        assert f'href="{url}"' in browser.get(f"/imports/{stored.pk}/").content.decode()
        page = browser.get(url)
        assert [str(lead.person) for lead in page.context["page"]] == ["Lea Lang"]
        assert "Import: leads.csv" in page.content.decode()
    page = client_of(eve).get(url)
    assert page.context["page"].paginator.count == 0
    assert "Select a valid choice" in page.content.decode()


def test_mapping_is_offered_again_for_the_same_header(max_: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    with scope(max_.organization_id):
        first = post_file(browser)
        browser.post(f"/imports/{first.pk}/mapping/", choose(**{"column-2": "", "duplicates": "fill"}))
        assert ImportMapping.objects.count() == 1
        second = post_file(browser)
        page = browser.get(f"/imports/{second.pk}/mapping/").content.decode()
        assert 'value="fill" checked' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"column-0": ""}, "a person is recognised by it"),
        ({"column-1": "email"}, "is chosen for E-mail and Name"),
        ({"column-2": "nonsense"}, "There is no field"),
        ({"assign": "nobody"}, "Choose who is to own"),
        ({"date_format": "x"}, "Choose how dates"),
    ],
)
def test_mapping_that_cannot_be_is_told(
    changes: dict[str, str], words: str, max_: Membership, client_of: ClientOf
) -> None:
    browser = client_of(max_)
    with scope(max_.organization_id):
        stored = post_file(browser)
        answer = browser.post(f"/imports/{stored.pk}/mapping/", choose(**changes))
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_file_that_cannot_be_read_is_told(max_: Membership, client_of: ClientOf) -> None:
    answer = client_of(max_).post("/imports/", {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7")})
    assert answer.status_code == 422
    assert "This is no table" in answer.content.decode()
    assert "Choose a file" in client_of(max_).post("/imports/").content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ledger_and_refused_rows_are_files(kind: str, max_: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    with scope(max_.organization_id):
        stored = post_file(browser)
        browser.post(f"/imports/{stored.pk}/mapping/", choose())
        run_jobs()
        refused = read_file(browser.get(f"/imports/{stored.pk}/refused/"))
        assert refused[0] == ["Row", "Reason", "E-mail", "Name", "Budget"]
        assert refused[1][0] == "3"
        browser.post(f"/imports/{stored.pk}/run/")
        run_jobs()
        ledger = read_file(browser.get(f"/imports/{stored.pk}/rows/?kind={kind}"))
        assert [row[:2] for row in ledger[1:]] == [["2", "created"], ["3", "failed"]]


def read_file(answer: object) -> list[list[str]]:
    assert isinstance(answer, StreamingHttpResponse)
    file = io.BytesIO(b"".join(answer))
    return list(read_rows(file, detect_layout(file)))


def test_an_import_that_an_error_stopped_says_so(max_: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    with scope(max_.organization_id):
        stored = post_file(browser)
        browser.post(f"/imports/{stored.pk}/mapping/", choose())
        assert "An error stopped this" not in browser.get(f"/imports/{stored.pk}/").content.decode()
        Job.objects.filter(target_id=stored.chunks.get().pk).update(dead_at=stored.created_at)
        assert "An error stopped this" in browser.get(f"/imports/{stored.pk}/").content.decode()


def test_a_rep_may_not_import(ria: Membership, client_of: ClientOf) -> None:
    assert client_of(ria).get("/imports/").status_code == 403
