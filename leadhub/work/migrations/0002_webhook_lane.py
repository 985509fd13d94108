"""A lane for webhooks. Jobs may wait in any number: the rows there are are checked by 0003."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_maintain"), ("work", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="job", name="job_lane"),
        migrations.AlterField(
            model_name="job",
            name="lane",
            field=models.CharField(
                choices=[("speed", "Speed"), ("mail", "Mail"), ("webhook", "Webhooks"), ("bulk", "Bulk")], max_length=8
            ),
        ),
        AddConstraintNotValid(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane__in", ["speed", "mail", "webhook", "bulk"])), name="job_lane"
            ),
        ),
    ]
