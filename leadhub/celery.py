"""Celery: the doorbell that tells a worker "drain this lane". PostgreSQL keeps the work (leadhub/work).

Workers and beat refuse to start where tenants are not isolated.
"""

import gc
import os

from celery import Celery
from celery.signals import beat_init, worker_init

from leadhub.work.broker import Amqp
from leadhub.work.heartbeats import install_heartbeats

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
app = Celery("leadhub", amqp=Amqp, task_cls="leadhub.work.broker:Task")
app.config_from_object("leadhub.work.celery_settings")
app.autodiscover_tasks(["leadhub.work"])
install_heartbeats(app)


@worker_init.connect
@beat_init.connect
def require_isolation_at_start(**_: object) -> None:
    """End the process unless tenants are isolated; wait for a database that is starting."""
    import django

    django.setup()
    from django.conf import settings

    from leadhub.tenancy.bounds import bound_statements
    from leadhub.work.startup import require_isolation_or_exit

    require_isolation_or_exit()
    bound_statements(seconds=settings.JOB_STATEMENT_SECONDS)


@worker_init.connect
def import_early(**_: object) -> None:
    """Import before the fork what would else make each process's first lead wait for seconds."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 (reading them imports every page)
    if "speed" in app.amqp.queues.consume_from:
        from phonenumbers import geocoder, timezone  # noqa: F401
    gc.collect()
    gc.freeze()  # no collection of a child walks through it, which would copy its pages too
