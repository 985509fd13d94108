"""Check the doors that there are, by a statement of its own that locks nobody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leads", "0018_ad_lead_forms")]

    operations = [ValidateConstraint(model_name="inquiry", name="inquiry_door")]
