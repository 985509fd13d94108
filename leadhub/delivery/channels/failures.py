"""How a call over the network can fail. Every channel raises one of these three, nothing else."""


class SendFailure(Exception):
    """A call over the network did not succeed; the message is shown to the admin."""


class TransientFailure(SendFailure):
    """It was certainly not done and may succeed later: it is tried again."""


class PermanentFailure(SendFailure):
    """It was certainly not done and never will be as it stands: an unknown recipient, a refused content."""


class InDoubt(SendFailure):
    """It may have been done: the answer was lost. A channel without idempotency keys is not called again."""
