"""The row lock of a delivery, in the lock order: identity → lead → delivery → pool → job. Senders and settlers take it.

What comes of a delivery may be told to its lead, while a mail that comes back is told from the lead to the delivery.
"""

from uuid import UUID

from leadhub.delivery.models import Delivery
from leadhub.delivery.purposes import is_told
from leadhub.leads.locking import lock_leads, lock_people


def lock_delivery(delivery_id: UUID) -> Delivery | None:
    """Hold the delivery until the transaction ends; before it, where its purpose is told, the person and the lead.

    Mail that nobody is told of, as an alert, waits for no lead. None where there is no such delivery.
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
