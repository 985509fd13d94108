"""Check the kinds of the events there are, by a statement of its own that locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leads", "0013_details_changed")]

    operations = [ValidateConstraint(model_name="event", name="event_kind")]
