"""The hand-overs of a period, an index tells; it is built while the doors go on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0011_hand_overs")]

    operations = [
        AddIndexConcurrently(
            model_name="inquiry",
            index=models.Index(
                fields=["organization", "handed_over_at"],
                condition=models.Q(("handed_over_at__isnull", False)),
                name="inquiry_handed_over",
            ),
        ),
    ]
