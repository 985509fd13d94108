"""The lead's row lock, second in the lock order: identity → lead → pool → job. Taken by every writer of a lead."""

from leadhub.leads.models import Lead


def lock_lead(lead: Lead) -> Lead:
    """Hold the lead until the transaction ends and bring the instance up to date, in place.

    Rows that point at the lead can still be inserted meanwhile (`FOR NO KEY UPDATE`). Related objects that the
    instance has loaded stay loaded where the reference did not change.
    """
    fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    for field in Lead._meta.concrete_fields:
        value = getattr(fresh, field.attname)
        if value != getattr(lead, field.attname):
            setattr(lead, field.attname, value)
    return lead
