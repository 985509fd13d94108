"""Which leads are open, the index of stages tells alone: rescoring reads a million of them without their rows."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0005_last_loss")]

    operations = [
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(fields=["organization", "stage", "captured_at"], include=["id"], name="lead_of_stage"),
        ),
        RemoveIndexConcurrently(model_name="lead", name="lead_stage_captured"),
    ]
