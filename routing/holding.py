"""Let the marketing owner keep thousands of leads that they have already. Called by `many`, which holds the leads.

What `ownership.give_leads` writes for a gift to the present owner that asks for no answer is an assignment and nothing
else: no event, no hand-over, no clock. So one statement writes it for all leads at once, and none of them is loaded.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leadhub.leads.models import OPEN_STAGES, Intent, Stage, Verdict
from leadhub.lib.ids import new_id
from leadhub.tenancy.many_rows import run_in_bulk
from leadhub.tenancy.scope import get_organization_id
from routing.ownership import Gift

# What is early is what `assignment.is_ready_for_sales` denies.
_HOLD = """
WITH held AS (
    INSERT INTO assignment (organization_id, id, lead_id, member_id, inquiry_id, state, reason, is_sales, receipt,
        assigned_at, reject_reason, note)
    SELECT lead.organization_id, given.id, lead.id, lead.owner_id, inquiry.id, %s, %s, false, %s::jsonb, %s, '', ''
    FROM unnest(%b::uuid[], %b::uuid[]) AS given (id, lead_id)
    JOIN lead ON lead.organization_id = %s AND lead.id = given.lead_id
    JOIN membership ON membership.organization_id = lead.organization_id AND membership.id = lead.owner_id
    LEFT JOIN inquiry ON inquiry.organization_id = lead.organization_id AND inquiry.lead_id = lead.id
        AND inquiry.is_opening
    WHERE lead.owner_id = %s AND membership.is_marketing_owner AND lead.stage = ANY (%s)
        AND NOT EXISTS (SELECT FROM assignment AS current WHERE current.organization_id = lead.organization_id
            AND current.lead_id = lead.id AND current.ended_at IS NULL)
        AND (NOT %s OR lead.is_test OR lead.verdict = %s
            OR lead.stage = %s AND inquiry.intent IS DISTINCT FROM %s)
    RETURNING id
)
SELECT count(*) FROM held
"""


def hold_many(*, lead_ids: Sequence[UUID], gift: Gift, are_early: bool, now: datetime) -> int:
    """Give the open leads without an assignment that the gift's member owns to that member; return how many.

    `are_early` leaves out those that sales should have. A member who is no marketing owner keeps nothing so.
    """
    values = [
        gift.state.value,
        gift.reason.value,
        json.dumps(gift.receipt.to_json()),
        now,
        [new_id() for _ in lead_ids],
        list(lead_ids),
        get_organization_id(),
        gift.member.pk,
        [stage.value for stage in OPEN_STAGES],
        are_early,
        Verdict.NOT_A_LEAD.value,
        Stage.NEW.value,
        Intent.HOT.value,
    ]
    ((held,),) = run_in_bulk(_HOLD, values)
    return int(held)
