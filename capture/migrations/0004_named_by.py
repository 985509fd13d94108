"""Which submissions an inquiry or a person came by, an index tells whoever deletes it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("capture", "0003_proven_organization")]

    operations = [
        AddIndexConcurrently(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("inquiry__isnull", False)),
                fields=["organization", "inquiry"],
                name="submission_inquiry",
            ),
        ),
        AddIndexConcurrently(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("person__isnull", False)),
                fields=["organization", "person"],
                name="submission_person",
            ),
        ),
    ]
