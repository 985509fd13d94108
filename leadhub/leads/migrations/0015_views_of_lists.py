"""Views of every list, not of the lead list alone: a view says which list it is of, and its name is one of that list.

The views there are stay the lead list's. The table holds a few rows a member, so the name's new index takes no time.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0014_event_kinds_checked")]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="list_key",
            field=models.CharField(
                db_default="leads",
                help_text="Which list: its key, and the id of what it belongs to, if any.",
                max_length=60,
            ),
        ),
        migrations.RemoveConstraint(model_name="savedview", name="saved_view_name"),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("organization", "member", "list_key", "name"), name="saved_view_name"
            ),
        ),
    ]
