"""Check the lanes of the jobs there are, by a statement of its own that locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("work", "0002_webhook_lane")]

    operations = [ValidateConstraint(model_name="job", name="job_lane")]
