"""Where somebody lives, to the door: the street and the postal code, empty where nothing is known of them.

The database keeps the default, so that a process of the former version goes on inserting people meanwhile. With it the
columns are added without the table being written.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0016_named_by")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="street",
            field=models.CharField(blank=True, db_default="", default="", help_text="With the number.", max_length=300),
        ),
        migrations.AddField(
            model_name="person",
            name="postal_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
