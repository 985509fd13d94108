"""The product's map: one tuple of entries. The shell shows those a member's role may open.

An entry whose URL does not exist is left out: part of the product may be switched off.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: words, where it goes, its picture, the permission it asks for.

    `key` is its keyboard shortcut, `short` what a phone's narrow bar says; `setting` names a setting without which
    there is nothing to see; `area` is the path of all its pages where they do not lie under its own.
    """

    label: str
    url_name: str
    icon: str
    permission: str
    key: str = ""
    short: str = ""
    setting: str = ""
    area: str = ""


@dataclass(frozen=True)
class Section:
    """A titled group of entries."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """An entry as one member sees it on one page."""

    label: str
    url: str
    icon: str
    key: str
    short: str
    is_current: bool


NAVIGATION: tuple[Section, ...] = (
    Section(
        "",
        (
            Entry("Home", "home", "home", "home.view", "g h"),
            Entry("Queue", "queue", "inbox", "leads.work", "g q"),
            Entry("Leads", "lead_list", "users", "leads.view", "g l"),
            Entry("Inquiries", "inquiry_list", "message-circle", "leads.judge", "g i"),
            Entry("Reports", "source_value", "chart-bar", "reports.view", "g s", area="/reports/"),
            Entry("Team", "team", "users-group", "team.view", "g t"),
        ),
    ),
    Section(
        "Rules",
        (
            Entry("Scoring", "score_model", "target", "scoring.view"),
            Entry("Routing", "routing_rules", "route", "routing.view"),
            Entry("Sequences", "sequence_list", "mail-forward", "nurture.view"),
            Entry("Forms", "form_list", "forms", "forms.view"),
        ),
    ),
    Section(
        "Administration",
        (
            Entry("Imports", "import_list", "file-import", "imports.edit"),
            Entry("Intake ledger", "intake_ledger", "receipt", "intake.view"),
            Entry("Dead letters", "job_list", "alert-triangle", "jobs.view"),
            Entry("Inbox", "inbox_list", "mail-opened", "inbox.view", setting="MAIL_FOLDER"),
            Entry("Members", "member_list", "user-cog", "members.view"),
            Entry("API keys", "api_key_list", "key", "keys.edit"),
            Entry("Webhooks", "webhook_list", "plug-connected", "webhooks.edit"),
            Entry("Audit log", "audit_log", "history", "settings.edit"),
            Entry("Settings", "settings", "settings", "settings.edit"),
        ),
    ),
)


def find_url(url_name: str) -> str:
    """Return the URL of a name, or nothing where the product has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def list_sections(*, may: Callable[[str], bool], path: str) -> list[tuple[str, list[Link]]]:
    """Return the titled groups of links that the permissions allow; the page's own link is current."""
    entries = list(_allowed_entries(may))
    urls = {entry.url_name: find_url(entry.url_name) for entry in entries}
    areas = {entry.area or urls[entry.url_name]: urls[entry.url_name] for entry in entries if urls[entry.url_name]}
    current = areas.get(find_current_url(list(areas), path), "")
    sections = [
        (section.title, [_link(entry, url, current) for entry in section.entries if (url := urls.get(entry.url_name))])
        for section in NAVIGATION
    ]
    return [(title, links) for title, links in sections if links]


def find_current_url(urls: list[str], path: str) -> str:
    """Return the longest URL that the path lies under; the root only matches itself."""
    matches = [url for url in urls if url == path or (len(url) > 1 and path.startswith(url))]
    return max(matches, key=len, default="")


def _allowed_entries(may: Callable[[str], bool]) -> Iterator[Entry]:
    return (entry for section in NAVIGATION for entry in section.entries if may(entry.permission) and _is_in_use(entry))


def _is_in_use(entry: Entry) -> bool:
    return not entry.setting or bool(getattr(settings, entry.setting))


def _link(entry: Entry, url: str, current: str) -> Link:
    return Link(entry.label, url, entry.icon, entry.key, entry.short or entry.label, is_current=url == current)
