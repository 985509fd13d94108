"""The secrets of two-step log-in: sealed in the database, read after a change of keys, never lost by either."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from leadhub.accounts.models import Membership
from leadhub.accounts.second_steps import Seal, count_seals, reseal_second_steps, unseal_second_steps
from leadhub.cli import main
from leadhub.health.checks import check_seals
from leadhub.lib.sealing import NotOpened, is_sealed_by_first, open_sealed, seal
from tests.accounts.test_logging_in import is_logged_in, log_in
from tests.personas import PASSWORD

ROWS = Authenticator.objects


@pytest.fixture
def secret(ria: Membership) -> str:
    """Ria's authenticator app, and her recovery codes."""
    secret = str(generate_totp_secret())
    TOTP.activate(ria.user, secret)
    RecoveryCodes.activate(ria.user)
    return secret


def list_stored() -> list[str]:
    """Return the secrets as the database holds them."""
    return [str(one.data.get("secret") or one.data["seed"]) for one in ROWS.order_by("type")]


def type_code(client: Client, secret: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Type what the app shows; return the page that follows."""
    now = 1_772_636_400
    monkeypatch.setattr("time.time", lambda: float(now))
    code = {"code": format_hotp_value(hotp_value(secret, now // 30))}
    return client.post(reverse("mfa_authenticate"), code, follow=True).content.decode()


def test_what_is_stored_gives_nothing_away(secret: str) -> None:
    recovery, app = list_stored()
    assert secret not in app
    assert is_sealed_by_first(app)
    assert is_sealed_by_first(recovery)
    assert open_sealed(app) == secret


def test_what_was_stored_before_goes_on_and_is_sealed_by_the_migration(
    ria: Membership, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = RecoveryCodes(ROWS.get(type="recovery_codes")).generate_codes()
    assert unseal_second_steps(ROWS) == 2
    assert list_stored()[1] == secret
    client = log_in(ria.user.email)
    type_code(client, secret, monkeypatch)
    assert is_logged_in(client, ria.user)

    assert (reseal_second_steps(ROWS), reseal_second_steps(ROWS)) == (2, 0)
    assert count_seals(ROWS) == {Seal.FIRST: 2}
    assert RecoveryCodes(ROWS.get(type="recovery_codes")).generate_codes() == codes


def test_a_used_recovery_code_stays_used(secret: str) -> None:
    recovery = RecoveryCodes(ROWS.get(type="recovery_codes"))
    code = recovery.generate_codes()[0]
    assert recovery.validate_code(code)
    unseal_second_steps(ROWS)
    reseal_second_steps(ROWS)
    assert not RecoveryCodes(ROWS.get(type="recovery_codes")).validate_code(code)


def test_a_key_is_replaced_without_a_log_in_lost(secret: str, settings: Settings) -> None:
    former = settings.ENCRYPTION_KEYS[0]
    settings.ENCRYPTION_KEYS = ["new", former]
    assert open_sealed(list_stored()[1]) == secret
    assert "leadhub reseal" in check_seals().advice
    shown = CliRunner().invoke(main, ["reseal"], catch_exceptions=False)
    assert (shown.exit_code, shown.stdout) == (0, "2 sealed anew.\n")
    settings.ENCRYPTION_KEYS = ["new"]
    assert open_sealed(list_stored()[1]) == secret
    assert check_seals().is_fine


def test_a_lost_key_is_told_to_the_user_and_the_operator(
    ria: Membership, secret: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = list_stored()
    settings.ENCRYPTION_KEYS = ["another"]
    assert "has lost the key" in type_code(log_in(ria.user.email), secret, monkeypatch)
    assert "LEADHUB_SECRET_KEY_FALLBACKS" in check_seals().advice
    shown = CliRunner().invoke(main, ["reseal"])
    assert shown.exit_code == 1
    assert "2 stay as they are" in shown.stderr
    assert list_stored() == stored


PAGES = ["mfa_index", "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"]


@pytest.mark.parametrize("page", PAGES)
def test_a_lost_key_is_told_on_every_page_that_needs_it(page: str, ria: Membership, settings: Settings) -> None:
    client = log_in(ria.user.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    TOTP.activate(ria.user, "secret")
    RecoveryCodes.activate(ria.user)
    client.raise_request_exception = False
    settings.ENCRYPTION_KEYS = ["another"]
    answer = client.get(reverse(page))
    assert answer.status_code == 503
    assert "leadhub doctor" in answer.content.decode()


def test_a_key_that_is_gone_for_good_locks_nobody_out(
    secret: str, ria: Membership, mia: Membership, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = ["another"]
    TOTP.activate(mia.user, "opened")
    assert "--forget-lost" in check_seals().advice
    shown = CliRunner().invoke(main, ["reseal", "--forget-lost"], catch_exceptions=False)
    assert (shown.exit_code, shown.stdout) == (0, "0 sealed anew.\n2 deleted, by a key that is gone.\n")
    assert [row.user_id for row in ROWS.all()] == [mia.user_id]
    assert is_logged_in(log_in(ria.user.email), ria.user)
    assert not is_logged_in(log_in(mia.user.email), mia.user)


def test_keys_are_told_apart(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = ["one"]
    sealed = seal("secret")
    assert sealed != seal("secret")
    settings.ENCRYPTION_KEYS = ["two"]
    assert not is_sealed_by_first(sealed)
    with pytest.raises(NotOpened):
        open_sealed(sealed)
