"""The row lock of a delivery, in the lock order: identity → lead → delivery → pool → job. Senders and settlers take it.

Both ways occur: the outcome of a delivery is noted on its lead, and a mail that comes back to a lead on its delivery.
"""

from uuid import UUID

from leadhub.delivery.models import Delivery
from leadhub.delivery.purposes import is_told
from leadhub.leads.locking import lock_leads, lock_people


def lock_delivery(delivery_id: UUID) -> Delivery | None:
    """Lock the delivery until the transaction ends, and before it person and lead where its purpose has hooks.

    The hooks write to the lead; mail without them, such as an alert, waits for no lead. None without a delivery.
    """
    deliveries = Delivery.objects.filter(pk=delivery_id)
    while (told := deliveries.values_list("purpose", "lead", "lead__person").first()) is not None:
        purpose, lead_id, person_id = told
        if lead_id is not None and is_told(purpose):
            lock_people([person_id])
            lock_leads([lead_id])
        same = deliveries.filter(lead=lead_id, lead__person=person_id)  # unless the lead was taken away meanwhile
        if (held := same.select_for_update(of=("self",)).first()) is not None:
            return held
    return None
