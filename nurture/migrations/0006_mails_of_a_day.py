"""Which mails were written today, an index tells every step that would write one more."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("nurture", "0005_mails_a_day")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(fields=["organization", "written_at"], name="nurture_message_written"),
        ),
    ]
