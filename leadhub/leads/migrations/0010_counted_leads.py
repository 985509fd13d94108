"""What home and the team page count, an index tells: open leads by owner, those that met the bar, those won."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

_OPEN = models.Q(("stage__in", ["new", "mql", "sal", "sql", "opportunity"]))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0009_inquiry_of_lead")]

    operations = [
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                fields=["organization", "id"], include=["owner"], condition=_OPEN, name="lead_open_with_owner"
            ),
        ),
        RemoveIndexConcurrently(model_name="lead", name="lead_open"),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                fields=["organization", "mql_at"], condition=models.Q(("mql_at__isnull", False)), name="lead_mql"
            ),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                fields=["organization", "customer_at"],
                condition=models.Q(("customer_at__isnull", False)),
                name="lead_won",
            ),
        ),
    ]
