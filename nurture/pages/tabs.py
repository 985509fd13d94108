"""The tabs that the pages of nurture share."""

from collections.abc import Callable

from leadhub.web.navigation import find_url
from leadhub.web.parts import Tab

_TABS = (
    ("sequence_list", "Sequences", "nurture.view"),
    ("mail_template_list", "Templates", "nurture.view"),
    ("suppression_list", "Suppression list", "suppression.view"),
    ("nurture_settings", "Rules of sending", "nurture.view"),
)


def list_tabs(current: str, *, may: Callable[[str], bool]) -> list[Tab]:
    """Return the tabs that the permissions allow; `current` is a URL's name."""
    return [
        Tab(label, find_url(name), is_current=name == current)
        for name, label, permission in _TABS
        if find_url(name) and may(permission)
    ]
