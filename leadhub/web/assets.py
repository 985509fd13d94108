"""Where the vendored files lie; the templates and the icon tag ask here, so that a version is named once."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

TABLER = "vendor/tabler-1.4.0/tabler.min.css"
HTMX = "vendor/htmx-2.0.11/htmx.min.js"
INTER = "vendor/inter-5.3.0/inter-latin-wght-normal.woff2"
ICONS = "vendor/tabler-icons-3.51.0/sprite.svg"

_SYMBOL = re.compile(r'<symbol id="([^"]+)"')


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Return the names of the icons in the sprite."""
    sprite = Path(settings.BASE_DIR) / "static" / ICONS
    return frozenset(_SYMBOL.findall(sprite.read_text(encoding="utf-8")))
