"""The web process: Django under WSGI, refused where tenants are not isolated."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
application = get_wsgi_application()

from leadhub.health.entry import require_fitness  # noqa: E402

require_fitness()
