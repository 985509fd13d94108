"""A lead's latest inquiry is the last of its index: nothing to sort, for a million leads a second or two."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0008_open_leads")]

    operations = [
        AddIndexConcurrently(
            model_name="inquiry",
            index=models.Index(fields=["organization", "lead", "arrived_at", "id"], name="inquiry_of_lead"),
        ),
        RemoveIndexConcurrently(model_name="inquiry", name="inquiry_lead"),
    ]
