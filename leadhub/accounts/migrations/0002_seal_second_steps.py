"""Seal the secrets of two-step log-in that were stored as they are."""

from typing import Any

from django.conf import settings
from django.db import migrations

from leadhub.accounts.second_steps import reseal_second_steps, unseal_second_steps


def seal(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    if settings.ENCRYPTION_KEYS[0] == settings.INSECURE_SECRET_KEY and rows.exists():
        raise RuntimeError("Set LEADHUB_SECRET_KEY to what the web processes have: two-step log-in is sealed by it.")
    reseal_second_steps(rows)


def unseal(apps: Any, schema_editor: Any) -> None:
    unseal_second_steps(apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, unseal)]
