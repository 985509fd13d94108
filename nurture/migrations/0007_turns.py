"""The day on which a mail over the day's number has its turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nurture", "0006_mails_of_a_day")]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="turn_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
