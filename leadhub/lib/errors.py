"""The base of every failure we anticipate. Pages and API show `message`, at `field` where it names one."""


class DomainError(Exception):
    """A request the domain refuses, with a sentence that says what to do."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
