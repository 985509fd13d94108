"""Views of a list under a name: a member's own, and those that colleagues share. The lists' pages call it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import QueryDict

from leadhub.accounts.models import Membership
from leadhub.leads.models import SavedView
from leadhub.lib.errors import DomainError

_LONGEST_NAME = 80
_LONGEST_QUERY = 2000


class NotSaved(DomainError):
    """The view has no name, or its filters are too many to keep."""


def list_views(*, member: Membership, list_key: str) -> QuerySet[SavedView]:
    """Return the member's views of the list and the shared ones, by name, each with `may_delete`."""
    views = SavedView.objects.filter(Q(member=member) | Q(is_shared=True), list_key=list_key)
    may_delete = ExpressionWrapper(_may_be_deleted_by(member), output_field=BooleanField())
    return views.annotate(may_delete=may_delete).select_related("member").order_by("name", "pk")


def save_view(
    *, member: Membership, list_key: str, name: str, query: str, kept: Collection[str], is_shared: bool, now: datetime
) -> None:
    """Save what of the query makes the list what it is; the same name again replaces what it was. Raises `NotSaved`."""
    text, name = keep_query(query, kept=kept), name.replace("\0", "").strip()  # which PostgreSQL's text cannot hold
    if not name:
        raise NotSaved("Give the view a name.", field="name")
    if len(text) > _LONGEST_QUERY:
        raise NotSaved("These are too many filters to keep.", field="query")
    view = SavedView(
        member=member,
        list_key=list_key,
        name=name[:_LONGEST_NAME],
        query=text,
        is_shared=is_shared,
        created_at=now,
    )
    SavedView.objects.bulk_create(
        [view],
        update_conflicts=True,
        update_fields=["query", "is_shared"],
        unique_fields=["organization", "member", "list_key", "name"],
    )


def keep_query(query: str, *, kept: Collection[str]) -> str:
    """Return the part of a query string that says which rows a list shows, and in which order."""
    rest = QueryDict(mutable=True)
    for key, values in QueryDict(query).lists():
        if key in kept and any(values):
            rest.setlist(key, values)
    return rest.urlencode()


def find_deletable(*, member: Membership, list_key: str, view_id: UUID) -> SavedView | None:
    """Return a view of the list that the member may delete; None for any other."""
    return list_views(member=member, list_key=list_key).filter(_may_be_deleted_by(member), pk=view_id).first()


def _may_be_deleted_by(member: Membership) -> Q:
    """Return the condition on views: the member's own, and those that a colleague shared who has left."""
    return Q(member=member) | Q(member__is_active=False)
