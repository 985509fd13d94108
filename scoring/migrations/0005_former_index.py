"""The index that the wider one replaces goes."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scoring", "0004_points_from_the_index")]

    operations = [RemoveIndexConcurrently(model_name="engagementpoint", name="engagement_point_lead")]
