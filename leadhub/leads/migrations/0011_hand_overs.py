"""When sales was asked for an answer, where marketing kept the lead first (ADR 40)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0010_counted_leads")]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="handed_over_at",
            field=models.DateTimeField(
                blank=True, help_text="When sales was asked, where marketing kept it first.", null=True
            ),
        ),
    ]
