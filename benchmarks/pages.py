"""The hot pages at scale: how long each takes in the web process, and how many statements it asks."""

import time
from typing import Any

from benchmarks.figures import Figure
from benchmarks.scale import Scale

TIMES = 7
REP, ADMIN = "rep0@example.com", "scale@example.com"
# name, address, who looks, milliseconds at most
PAGES = [
    ("queue", "/queue/", REP, 60),
    ("lead page", "/leads/{lead}/", REP, None),
    ("lead list", "/leads/", ADMIN, None),
    ("lead list, filtered", "/leads/?stage=mql&channel=paid_search", ADMIN, None),
    ("lead list, searched", "/leads/?q=p1234", ADMIN, None),
    ("lead list, by value", "/leads/?sort=-value", ADMIN, None),
    ("lead list, by score", "/leads/?sort=-score", ADMIN, None),
    ("inquiries", "/inquiries/", ADMIN, None),
    ("inquiries, by value", "/inquiries/?sort=-value", ADMIN, None),
    ("ledger", "/intake/", ADMIN, None),
    ("team", "/team/", ADMIN, None),
    ("home", "/", ADMIN, 300),
    ("source & value", "/reports/source-value/", ADMIN, 300),
    ("funnel", "/reports/funnel/", ADMIN, 300),
    ("funnel, a year", "/reports/funnel/?days=365", ADMIN, 300),
    ("cohorts, a year", "/reports/cohorts/?days=365", ADMIN, 300),
    ("speed to lead, a year", "/reports/speed/?days=365", ADMIN, 300),
    ("lost reasons, a year", "/reports/lost/?days=365", ADMIN, 300),
]


def measure_pages(scale: Scale) -> list[Figure]:
    """Open each page in the last organization a few times and take the middle one."""
    figures = []
    for name, address, email, at_most in PAGES:
        client, lead = _log_in(scale, email)
        url = address.format(lead=lead)
        statements, status = _count_statements(client, url)
        if status != 200:
            figures.append(Figure(name=f"page: {name}", unit="ms", value=float("nan"), note=f"answered {status}"))
            continue
        seconds = sorted(_time(client, url) for _ in range(TIMES))[TIMES // 2]
        note = f"{statements} statements"
        figures.append(Figure(name=f"page: {name}", unit="ms", value=seconds * 1000, at_most=at_most, note=note))
    return figures


def _log_in(scale: Scale, email: str) -> tuple[Any, object]:
    from django.test import Client

    from leadhub.accounts.access import SESSION_KEY
    from leadhub.accounts.models import Membership, User
    from leadhub.leads.models import Lead
    from leadhub.tenancy.scope import scope

    organization_id = scale.organizations[-1]
    user = User.objects.get(email=email)
    member = Membership.objects.get(user=user, organization_id=organization_id)
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = str(organization_id)
    session.save()
    with scope(organization_id):
        lead = Lead.objects.filter(owner=member).order_by("-captured_at").values_list("pk", flat=True)[0]
    return client, lead


def _count_statements(client: Any, url: str) -> tuple[int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        answer = client.get(url)
    return len(statements), answer.status_code


def _time(client: Any, url: str) -> float:
    began_at = time.perf_counter()
    client.get(url)
    return time.perf_counter() - began_at
