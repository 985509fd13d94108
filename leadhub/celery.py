"""Celery: the doorbell that tells a worker "drain this lane". PostgreSQL keeps the work (leadhub/work)."""

import os

from celery import Celery

from leadhub.health.heartbeats import install_heartbeats

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
app = Celery("leadhub")
app.config_from_object("leadhub.work.celery_settings")
app.autodiscover_tasks(["leadhub.work"])
install_heartbeats(app)
