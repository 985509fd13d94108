"""Who has a turn on which day, an index tells."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("nurture", "0007_turns")]

    operations = [
        AddIndexConcurrently(
            model_name="enrollment",
            index=models.Index(
                fields=["organization", "turn_on"],
                condition=models.Q(("turn_on__isnull", False)),
                name="enrollment_turn",
            ),
        ),
    ]
