"""What `leadhub doctor` finds, and what it advises."""

import pytest
from pytest_django import Settings

from leadhub.health import checks
from leadhub.health.entry import InsecureSecretKey, require_fitness


@pytest.mark.django_db
def test_the_tests_own_database_is_in_order() -> None:
    findings = [checks.check_database(), checks.check_migrations(), checks.check_isolation(), checks.check_redis()]

    assert [finding for finding in findings if not finding.is_fine] == []


def test_a_mail_server_that_is_not_there_is_named_with_advice(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    finding = checks.check_mail()

    assert not finding.is_fine
    assert "127.0.0.1:1" in finding.says
    assert "SMTP_HOST" in finding.advice


@pytest.mark.django_db
def test_nothing_serves_with_the_public_secret_key(settings: Settings) -> None:
    settings.SECRET_KEY = settings.INSECURE_SECRET_KEY

    assert not checks.check_secret().is_fine
    with pytest.raises(InsecureSecretKey, match="LEADHUB_SECRET_KEY"):
        require_fitness()
