"""Which assignments name an inquiry, an index tells whoever deletes it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("routing", "0004_promises_of_sales")]

    operations = [
        AddIndexConcurrently(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("inquiry__isnull", False)),
                fields=["organization", "inquiry"],
                name="assignment_inquiry",
            ),
        ),
    ]
