"""A lead's points are added up from an index alone; it is built while the line goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scoring", "0003_proven_organization")]

    operations = [
        AddIndexConcurrently(
            model_name="engagementpoint",
            index=models.Index(
                fields=["organization", "lead", "occurred_at"], include=["rule_key"], name="engagement_point_of_lead"
            ),
        ),
    ]
