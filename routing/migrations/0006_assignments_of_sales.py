"""What a member has from sales is found without what they hold for marketing; equal keys are stored once."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0005_named_by")]

    operations = [
        AddIndexConcurrently(
            model_name="assignment",
            index=models.Index(
                fields=["organization", "member", "ended_at", "is_sales"], name="assignment_member_sales"
            ),
        ),
        RemoveIndexConcurrently(model_name="assignment", name="assignment_member"),
    ]
