"""Ad platforms' lead forms are a door of their own. The next migration checks what is there."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0017_street_and_postal_code"),
        ("tenancy", "0003_maintain"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="inquiry",
            name="inquiry_door",
        ),
        migrations.AlterField(
            model_name="inquiry",
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
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(("door__in", ["form", "api", "manual", "import", "call", "chat", "mail", "ad"])),
                name="inquiry_door",
            ),
        ),
    ]
