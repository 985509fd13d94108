"""A new organization can take leads at once."""

import pytest

from capture.defaults import create_default_form
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Directory, Organization
from leadhub.tenancy.scope import scope

pytestmark = pytest.mark.django_db


def test_default_form_is_found_through_the_directory() -> None:
    now = utc_now()
    organization = Organization.objects.create(name="Acme", slug="acme", created_at=now)
    with scope(organization.id):
        form = create_default_form(name="Contact", now=now)
    entry = Directory.objects.get(kind=Directory.Kind.FORM, key=form.key)
    assert (entry.organization_id, entry.target_id) == (organization.id, form.id)
