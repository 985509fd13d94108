"""Drop the keys to the organization that a composite key to another tenant row proves already (ADR 51)."""

import django.db.models.deletion
from django.db import migrations, models

import leadhub.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("capture", "0002_imports"),
        ("tenancy", "0003_maintain"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importrow",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                default=leadhub.tenancy.scope.get_organization_id,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tenancy.organization",
            ),
        ),
    ]
