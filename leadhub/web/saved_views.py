"""What makes a list one whose views can be saved, and the menu of them. Each such page says so with a `SavedList`.

`leadhub.desk.saved_views` knows all of them and takes the menu's forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import ResolverMatch, resolve

from leadhub.accounts.access import MemberRequest
from leadhub.leads.models import SavedView
from leadhub.leads.saved_views import list_views
from leadhub.web.sorting import SORT


@dataclass(frozen=True, kw_only=True)
class SavedList:
    """A list whose filters and order are kept under a name: its page, who may see it, and what of its query counts."""

    key: str
    url_name: str
    permission: str
    filters: frozenset[str]

    @property
    def kept(self) -> frozenset[str]:
        """The parameters that a view keeps: the filters and the order, never the page."""
        return self.filters | {SORT}

    def key_of(self, arguments: Mapping[str, object]) -> str:
        """Return the key under which views are kept; a list within a record has its own, such as each sequence's."""
        return ":".join([self.key, *map(str, arguments.values())])


@dataclass(frozen=True, kw_only=True)
class ViewsMenu:
    """The views that a page offers, and where it is."""

    views: QuerySet[SavedView]
    member_id: UUID
    path: str


def read_views(request: MemberRequest, of: SavedList) -> ViewsMenu:
    """Return the menu of the list that the request shows."""
    match: ResolverMatch = request.resolver_match or resolve(request.path)
    member = request.viewer.member
    views = list_views(member=member, list_key=of.key_of(match.kwargs))
    return ViewsMenu(views=views, member_id=member.pk, path=request.path)
