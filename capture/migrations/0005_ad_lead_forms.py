"""Ad platforms' lead forms are a door of their own, opened by a form's key. The next migration checks what is there."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("capture", "0004_named_by"),
        ("leads", "0018_ad_lead_forms"),
        ("tenancy", "0003_maintain"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="submission",
            name="submission_door",
        ),
        migrations.AddField(
            model_name="form",
            name="google_key_sha256",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="submission",
            name="door",
            field=models.CharField(
                choices=[
                    ("form", "Form"),
                    ("api", "API"),
                    ("manual", "Entered by hand"),
                    ("import", "Import"),
                    ("call", "Call"),
                    ("chat", "Chat"),
                    ("mail", "Mail"),
                    ("ad", "Ad lead form"),
                ],
                max_length=16,
            ),
        ),
        AddConstraintNotValid(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("door__in", ["form", "api", "manual", "import", "call", "chat", "mail", "ad"])),
                name="submission_door",
            ),
        ),
    ]
