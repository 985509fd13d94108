"""Rows for tests: organizations, and, in an open scope, people and leads as if intake had written them."""

from datetime import UTC, datetime
from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from leadhub.leads.models import Channel, Lead, Person, Stage, ValueSource, Verdict
from leadhub.tenancy.models import Organization

CAPTURED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_organization(slug: str) -> Organization:
    """Return an organization with nothing in it."""
    return Organization.objects.create(name=slug, slug=slug, created_at=CAPTURED_AT)


class PersonFactory(DjangoModelFactory[Person]):
    """A human with an address."""

    class Meta:
        model = Person

    first_name = Sequence(lambda n: f"Person{n}")
    email = Sequence(lambda n: f"person{n}@example.com")
    email_norm = LazyAttribute(lambda person: person.email)
    created_at = CAPTURED_AT


class LeadFactory(DjangoModelFactory[Lead]):
    """A person's first pass; give its `owner`."""

    class Meta:
        model = Lead

    person = SubFactory(PersonFactory)
    number = 1
    channel = Channel.PAID_SEARCH
    currency = "USD"
    captured_at = CAPTURED_AT
    updated_at = CAPTURED_AT

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """Give closed stages the dates and codes that the database demands."""
        stage, captured_at = kwargs.get("stage"), kwargs["captured_at"]
        if stage == Stage.MQL:
            kwargs.setdefault("mql_at", captured_at)
        if stage == Stage.CUSTOMER:
            kwargs.setdefault("customer_at", captured_at)
        if stage in {Stage.RECYCLED, Stage.DISQUALIFIED}:
            kwargs.setdefault("disposition", "no_fit")
        if kwargs.get("mql_at"):
            kwargs.setdefault("mql_reason", "score")
        if kwargs.get("verdict", Verdict.PENDING) != Verdict.PENDING:
            kwargs.setdefault("verdict_at", captured_at)
        if kwargs.get("quote_value") is not None:
            kwargs.setdefault("quote_value_source", ValueSource.FORM)
        return kwargs
