"""CORS and frames: the form's sites may post and show it, no other site may; a server needs no Origin."""

import json

import pytest
from django.test import Client

from capture.definitions import forget_form
from capture.models import Form
from leadhub.desk.founding import Founded
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.capture.posting import BROWSER, list_submissions, post_json, read_page

GRACE = {"email": "grace@navy.example"}
SITE = "https://www.acme.example"


@pytest.fixture
def key(founded: Founded) -> str:
    """A form that one site may show."""
    with scope(founded.organization.id):
        Form.objects.update(allowed_origins=[SITE], redirect_url="https://www.acme.example/thanks")
    forget_form(founded.form_key)
    return founded.form_key


def test_preflight(key: str) -> None:
    url = f"/f/{key}"
    allowed = Client().options(url, headers={"Origin": SITE, "Access-Control-Request-Method": "POST"})
    assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (204, SITE)
    assert "Idempotency-Key" in allowed.headers["Access-Control-Allow-Headers"]
    assert "Origin" in allowed.headers["Vary"]
    refused = Client().options(url, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_an_allowed_site_may_read_the_answer(key: str) -> None:
    response = post_json(key, GRACE, Origin=SITE)
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (202, SITE)
    wrong = post_json(key, {}, Origin=SITE)
    assert (wrong.status_code, wrong.headers["Access-Control-Allow-Origin"]) == (422, SITE)


def test_another_site_is_refused_and_kept(key: str, acme: Organization) -> None:
    for origin in ("https://evil.example", "null"):
        response = post_json(key, GRACE, Origin=origin)
        assert response.status_code == 403
        assert "Access-Control-Allow-Origin" not in response.headers
    assert [one.status for one in list_submissions(acme.id)] == ["rejected", "rejected"]


def test_a_server_and_our_own_page_are_welcome(key: str) -> None:
    assert post_json(key, GRACE).status_code == 202
    assert post_json(key, GRACE, Origin="http://testserver").status_code == 202


def test_an_empty_list_allows_every_site(founded: Founded) -> None:
    response = post_json(founded.form_key, GRACE, Origin="https://any.example")
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (202, "https://any.example")
    assert "frame-ancestors *" in Client().get(f"/f/{founded.form_key}").headers["Content-Security-Policy"]


def test_only_the_forms_sites_may_frame_it_and_its_redirect_may_follow(key: str) -> None:
    response = Client().get(f"/f/{key}", headers=BROWSER)
    policy = response.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {SITE}" in policy
    assert f"form-action 'self' {SITE}" in policy
    assert "X-Frame-Options" not in response.headers
    assert not response.cookies


def test_a_redirect_adds_its_host_to_the_policy_and_no_more(key: str, acme: Organization) -> None:
    with scope(acme.id):
        Form.objects.update(redirect_url="https://a;sandbox;@www.example.com/thanks")
    forget_form(key)
    policy = Client().get(f"/f/{key}", headers=BROWSER).headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.example.com;" in f"{policy};"
    assert "sandbox" not in policy


def test_the_page_carries_the_attribution_along(key: str) -> None:
    query = "utm_source=google&utm_medium=cpc&gclid=G1&email=grace@navy.example"
    page = read_page(Client().get(f"/f/{key}?{query}", headers={"Referer": "https://www.google.com/"}))
    for field in ('name="utm_source" value="google"', 'name="gclid" value="G1"', 'name="lh_stamp"'):
        assert field in page
    assert 'name="referrer" value="https://www.google.com/"' in page
    assert f'name="landing_page" value="http://testserver/f/{key}?utm_source=google&amp;' in page
    assert 'value="grace@navy.example"' in page


@pytest.mark.parametrize(("referrer", "is_kept"), [("http://testserver/f/another", False), ("http://[odd", True)])
def test_a_page_of_ours_refers_nobody_and_an_odd_address_is_kept(key: str, referrer: str, is_kept: bool) -> None:
    page = read_page(Client().get(f"/f/{key}", headers={"Referer": referrer}))
    assert ('name="referrer"' in page) == is_kept


def test_the_script_brings_the_form_and_evaluates_nothing(key: str) -> None:
    with scope(Organization.objects.get().id):
        Form.objects.update(headline="</script><b>")
    forget_form(key)
    response = Client().get(f"/f/{key}.js")
    script = read_page(response)
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-store"
    assert "</script>" not in script
    assert "eval(" not in script
    assert "innerHTML" not in script
    line = next(line for line in script.splitlines() if "const form = " in line)
    config = json.loads(line.partition("= ")[2].rstrip(";"))
    assert (config["url"], config["headline"]) == (f"http://testserver/f/{key}", "</script><b>")
    assert [field["name"] for field in config["fields"]] == ["name", "email", "phone", "company", "message"]
    assert Client().get("/f/nobody.js").status_code == 404


def test_a_closed_form_says_so(key: str, acme: Organization) -> None:
    with scope(acme.id):
        Form.objects.update(is_active=False)
    forget_form(key)
    assert Client().get(f"/f/{key}").status_code == 410
    assert post_json(key, GRACE).status_code == 410
    assert [one.status for one in list_submissions(acme.id)] == ["rejected"]
