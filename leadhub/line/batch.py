"""The line for many leads at once: a chunk of an import, scored, qualified and routed in sets, in one transaction.

The same steps in the same order as `steps.py`, quiet: no alert, no clock, no acknowledgement.
"""

from datetime import datetime

from capture.imports.identification import identify_chunk
from leadhub.leads.bulk.known import ChunkUnderWay
from leadhub.leads.timeline import in_silence
from leadhub.leads.walk import Batch
from leadhub.lib.garbage import without_collecting
from leadhub.work.claims import Occupied, bring_forward
from leadhub.work.registry import ClaimedJob
from routing.many import route_leads
from scoring.many import qualify_leads, score_leads

WALK_CHUNK = "line.walk_chunk"


def run_walk_chunk(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "line.walk_chunk": identify the chunk's rows and walk what they became.

    While another import of the organization has a chunk under way, this one is put off, so that its worker is free for
    other organizations. It comes next when that chunk is done.
    """
    with without_collecting(), in_silence():
        try:
            batch = identify_chunk(chunk_id=job.target_id, now=now)
        except ChunkUnderWay as error:
            raise Occupied from error
        walk_batch(batch)
    bring_forward(organization_id=job.organization_id, kind=WALK_CHUNK, now=now)


def walk_batch(batch: Batch) -> None:
    """Take the line's steps for every lead of the batch, all held by whoever identified them.

    The pools are held last, so for the shortest time.
    """
    score_leads(lead_ids=batch.lead_ids, now=batch.now)
    qualify_leads(lead_ids=batch.lead_ids, inquiry_ids=batch.inquiry_ids, now=batch.now)
    route_leads(lead_ids=batch.lead_ids, now=batch.now, assign_to=batch.assign_to)
