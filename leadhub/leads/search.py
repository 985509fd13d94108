"""Find people by what a colleague types: an address, a number, or a part of a name or company. Called by filters.

An address or number is looked up by its normal form, which an index serves; anything else reads names.
"""

from django.db.models import Q, QuerySet

from leadhub.leads.models import Identity, Person
from leadhub.leads.normal import identify_phone, normalise_email
from leadhub.tenancy.country import get_country

_LONGEST = 200
_WORD_COLUMNS = ("first_name", "last_name", "email_norm", "company_name", "company__name", "company__domain")


def search_people(text: str) -> QuerySet[Person]:
    """Return the people whom the text names; every word must be found somewhere. An empty text finds everybody."""
    cleaned = " ".join(text.split())[:_LONGEST]
    key = _read_key(cleaned)
    if key is not None:
        return Person.objects.filter(pk__in=Identity.objects.filter(key).values("person"))
    found = Person.objects.all()
    for word in cleaned.lower().split():
        match = Q()
        for column in _WORD_COLUMNS:
            match |= Q(**{f"{column}__icontains": word})
        found = found.filter(match)
    return found


def _read_key(text: str) -> Q | None:
    email = normalise_email(text)
    if email:
        return Q(kind=Identity.Kind.EMAIL, value=email)
    if sum(character.isdigit() for character in text) < 6:
        return None
    country = get_country()
    number = identify_phone(text, country)
    return Q(kind=Identity.Kind.PHONE, value=number) if number else None
