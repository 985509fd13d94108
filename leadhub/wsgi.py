"""The web process: Django under WSGI, refused where tenants are not isolated."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from leadhub.health.entry import require_fitness  # noqa: E402
from leadhub.tenancy.bounds import bound_statements  # noqa: E402

require_fitness()
bound_statements(seconds=settings.STATEMENT_SECONDS)
get_resolver().url_patterns  # noqa: B018 (imports every page now, not while the first browser waits)
sys.setswitchinterval(0.0001)  # a thread that PostgreSQL has answered goes on soon: another may be drawing a page
gc.collect()
gc.freeze()  # what was imported stays: no collection walks through it while a post waits
