"""Which leads are open and whose, an index tells in the order of their ids: rescoring and counts read no rows."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0007_proven_organizations")]

    operations = [
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                fields=["organization", "id"],
                include=["owner"],
                condition=models.Q(("stage__in", ["new", "mql", "sal", "sql", "opportunity"])),
                name="lead_open_with_owner",
            ),
        ),
    ]
