"""The person's employer, found by the domain of their address. Called by identity."""

from datetime import datetime

from leadhub.leads.models import Company
from leadhub.leads.normal import company_domain
from leadhub.tenancy.inserts import insert_new


def find_employer(*, email_norm: str, name: str, now: datetime) -> Company | None:
    """Return the company of the address, created where unknown; None for free mail or no address."""
    domain = company_domain(email_norm)
    if domain is None:
        return None
    return Company.objects.filter(domain=domain).first() or _create_company(domain=domain, name=name, now=now)


def _create_company(*, domain: str, name: str, now: datetime) -> Company:
    """Insert the company, or return the one that a neighbour inserted meanwhile."""
    company = Company(domain=domain, name=" ".join(name.split())[:300], created_at=now)
    return company if insert_new([company]) else Company.objects.get(domain=domain)
