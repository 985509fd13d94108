"""Line: the straight line every event walks."""

from django.apps import AppConfig


class LineConfig(AppConfig):
    """The ordered steps and the jobs that walk them."""

    name = "leadhub.line"
    label = "line"
    default = True
