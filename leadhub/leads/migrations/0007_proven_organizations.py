"""Drop the keys to the organization that a composite key to another tenant row proves already (ADR 51)."""

import django.db.models.deletion
from django.db import migrations, models

import leadhub.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0006_mail_that_comes_in"),
        ("tenancy", "0003_maintain"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
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
            model_name="identity",
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
            model_name="inquiry",
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
            model_name="lead",
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
            model_name="stagechange",
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
            model_name="touch",
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
