"""What home counts, an index tells: the leads that met the bar and those that were won, by the day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0009_inquiry_of_lead")]

    operations = [
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
