from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nurture", "0004_mail_templates")]

    operations = [
        migrations.AddField(
            model_name="nurturesettings",
            name="mails_a_day",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
