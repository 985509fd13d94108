"""Which alerts name an inquiry, an index tells whoever deletes it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("live", "0003_replies_checked")]

    operations = [
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("inquiry__isnull", False)),
                fields=["organization", "inquiry"],
                name="alert_inquiry",
            ),
        ),
    ]
