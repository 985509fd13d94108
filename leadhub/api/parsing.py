"""JSON as the API reads it: what is nested too deeply for Python is a caller's fault, not ours."""

from typing import Any

from rest_framework import exceptions
from rest_framework.parsers import JSONParser


class DeepJSONParser(JSONParser):
    """Refuses what the parser cannot follow."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the parsed body."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("This JSON is nested too deeply.") from error
