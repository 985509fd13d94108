"""The lead list's filters, and one for the leads of an import. Called by the list, what is chosen in it, and API."""

import django_filters
from django.db.models import QuerySet

from capture.imports.models import Import, ImportRow
from leadhub.leads.filters import LeadFilter
from leadhub.leads.models import Lead

_REACHED = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED)


def list_imports(_request: object) -> QuerySet[Import]:
    """Return the imports that can be asked for."""
    return Import.objects.all()


class ListedLeadFilter(LeadFilter):
    """Narrows leads; `from_import` keeps those that the import's rows created or updated."""

    from_import = django_filters.ModelChoiceFilter(queryset=list_imports, method="by_import", label="Import")

    def by_import(self, queryset: QuerySet[Lead], name: str, value: Import) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads that the import's rows created or updated."""
        rows = ImportRow.objects.filter(upload=value, outcome__in=_REACHED, lead__isnull=False)
        return queryset.filter(pk__in=rows.values("lead"))
