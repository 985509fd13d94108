"""Work: everything that must happen later."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Jobs, their lanes and their handlers."""

    name = "leadhub.work"
    label = "work"
    default = True

    def ready(self) -> None:
        """Register the daily pruning, and what it forgets of work's own."""
        from leadhub.work import pruning
        from leadhub.work.models import Lane
        from leadhub.work.registry import register

        register(pruning.PRUNE, Lane.BULK, pruning.run_prune)
        pruning.prune_with(pruning.forget_old_failures)
