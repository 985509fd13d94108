"""Check the kinds of the alerts there are, by a statement of its own that locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("live", "0002_replies")]

    operations = [ValidateConstraint(model_name="alert", name="alert_kind")]
