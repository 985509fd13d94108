"""What marketing keeps was promised as well until now: a deadline that nobody in sales was ever asked to meet."""

from django.db import migrations

FORGET = """
UPDATE inquiry SET due_at = NULL, sla_seconds = NULL
WHERE due_at IS NOT NULL AND first_attempt_at IS NULL
  AND EXISTS (SELECT FROM assignment WHERE assignment.organization_id = inquiry.organization_id
              AND assignment.lead_id = inquiry.lead_id)
  AND NOT EXISTS (SELECT FROM assignment WHERE assignment.organization_id = inquiry.organization_id
                  AND assignment.lead_id = inquiry.lead_id AND assignment.is_sales)
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0011_hand_overs"), ("routing", "0003_proven_organization")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
