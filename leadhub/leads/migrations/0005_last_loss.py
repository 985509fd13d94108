"""Date an end by the last time that a lead was lost, where it had been lost before."""

from django.db import migrations

_FORWARD = """
UPDATE lead
SET recycled_at = greatest(lead.recycled_at, last.recycled_at),
    disqualified_at = greatest(lead.disqualified_at, last.disqualified_at)
FROM (
    SELECT organization_id, lead_id,
        max(at) FILTER (WHERE to_stage = 'recycled') AS recycled_at,
        max(at) FILTER (WHERE to_stage = 'disqualified') AS disqualified_at
    FROM stage_change WHERE to_stage IN ('recycled', 'disqualified')
    GROUP BY organization_id, lead_id
) AS last
WHERE lead.organization_id = last.organization_id AND lead.id = last.lead_id
  AND (lead.recycled_at < last.recycled_at OR lead.disqualified_at < last.disqualified_at)
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_saved_views")]
    operations = [migrations.RunSQL(_FORWARD, migrations.RunSQL.noop)]
