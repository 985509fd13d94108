"""The live process's entry point: refused where tenants are not isolated."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
django.setup()

from django.conf import settings  # noqa: E402

from leadhub.live.application import build_application  # noqa: E402
from leadhub.tenancy.bounds import bound_statements  # noqa: E402
from leadhub.work.startup import require_isolation_or_exit  # noqa: E402

require_isolation_or_exit()
bound_statements(seconds=settings.STATEMENT_SECONDS)
application = build_application()
