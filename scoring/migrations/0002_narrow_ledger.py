"""The ledger says which event scored by which rule; the points are the rules' own, so that new points rewrite nothing.

Half of each page of scores stays free: a score is rewritten in its own page, and no index with it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="engagementpoint", name="label"),
        migrations.RemoveField(model_name="engagementpoint", name="model_version"),
        migrations.RemoveField(model_name="engagementpoint", name="points"),
        migrations.RunSQL(
            "ALTER TABLE lead_score SET (fillfactor = 50)", reverse_sql="ALTER TABLE lead_score RESET (fillfactor)"
        ),
    ]
