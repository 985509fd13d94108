"""What a page answered, for tests to look at."""

from typing import Any


def read(answer: Any, status: int = 200) -> str:
    """Return the page's text; the answer has the status."""
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())
