"""What the shell shows on every page. Settings name `shell` as a context processor.

Everything is read when a template asks for it, so that a fragment or an error page costs no query.
"""

from functools import cached_property

from django.http import HttpRequest

from leadhub.accounts.access import Viewer, find_viewer
from leadhub.accounts.models import Membership, User
from leadhub.web.navigation import Link, find_url, list_sections

THEMES = ("auto", "light", "dark")
PHONE_LINKS = 4


class Shell:
    """The frame around one page: who is looking, where they may go, and how it looks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def viewer(self) -> Viewer | None:
        """The member, also on pages that stand outside `member_view`."""
        known: Viewer | None = getattr(self.request, "viewer", None)
        if known is not None:
            return known
        return find_viewer(self.request) if isinstance(self.user, User) else None

    @cached_property
    def user(self) -> User | None:
        """The user who is logged in, if one is."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def memberships(self) -> list[Membership]:
        """The organizations the user may switch to, the present one among them."""
        if self.user is None:
            return []
        active = Membership.objects.filter(user=self.user, is_active=True)
        return list(active.select_related("organization").order_by("organization__name"))

    @cached_property
    def sections(self) -> list[tuple[str, list[Link]]]:
        """The navigation, in titled groups."""
        if self.viewer is None:
            return []
        return list_sections(may=self.viewer.may, path=self.request.path)

    @cached_property
    def phone_links(self) -> list[Link]:
        """The first few links, for the bar at the bottom of a phone."""
        return [link for _, links in self.sections for link in links][:PHONE_LINKS]

    @cached_property
    def theme(self) -> str:
        """The theme the viewer chose in this browser; `auto` follows the device."""
        chosen = self.request.COOKIES.get("theme", "auto")
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def urls(self) -> dict[str, str]:
        """The addresses that the shell's own controls use; empty where the product has none."""
        names = ("alerts", "alert_count", "live_token", "switch_organization", "preferences", "account")
        return {"search": find_url("lead_list"), **{name: find_url(name) for name in names}}


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give every template the shell."""
    return {"shell": Shell(request)}
