"""Line: the straight line every event walks."""

from django.apps import AppConfig


class LineConfig(AppConfig):
    """The ordered steps and the jobs that walk them."""

    name = "leadhub.line"
    label = "line"
    default = True

    def ready(self) -> None:
        """Register the line's jobs, and follow the timeline: each event that it announces gets a job."""
        from leadhub.leads.timeline import follow
        from leadhub.line import batch, waking, walk
        from leadhub.work.models import Lane
        from leadhub.work.registry import register

        register("line.walk_submission", Lane.SPEED, walk.run_walk_submission)
        register("line.walk_event", Lane.SPEED, walk.run_walk_event)
        register("line.retry_step", Lane.SPEED, walk.run_retry_step)
        register("line.wake_lead", Lane.SPEED, waking.run_wake_lead)
        register(batch.WALK_CHUNK, Lane.BULK, batch.run_walk_chunk)
        follow(walk.ask_for_walks)
        follow(waking.ask_for_wakes)
