"""Capture: every way in."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """Forms, submissions, enrichment, channels."""

    name = "capture"
    label = "capture"
    default = True

    def ready(self) -> None:
        """Register the jobs; refuse a rate that cannot be read, which at the door would cost posts."""
        from django.conf import settings

        from capture.doors import READ_MAIL
        from capture.imports import checking, undoing
        from capture.mail.settling import run_read_mail
        from leadhub.lib.rates import parse_rate
        from leadhub.work.models import Lane
        from leadhub.work.registry import register

        parse_rate(settings.FORM_RATE)
        register(READ_MAIL, Lane.SPEED, run_read_mail)
        register(checking.CHECK_CHUNK, Lane.BULK, checking.run_check_chunk)
        register(undoing.UNDO_CHUNK, Lane.BULK, undoing.run_undo_chunk)
