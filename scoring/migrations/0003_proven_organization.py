"""Drop the keys to the organization that a composite key to another tenant row proves already (ADR 51)."""

import django.db.models.deletion
from django.db import migrations, models

import leadhub.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_narrow_ledger"),
        ("tenancy", "0003_maintain"),
    ]

    operations = [
        migrations.AlterField(
            model_name="engagementpoint",
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
        migrations.AlterField(
            model_name="leadscore",
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
