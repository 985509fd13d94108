"""What an act on a lead tells the page that answers it. Made by the acts; drawn by the lead page and the queue."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """What was done, in a sentence, and where it can be undone.

    `accepts` says that it took the lead on; the offer that still stands is closed a moment later, by the line.
    """

    text: str
    undo_url: str = ""
    accepts: bool = False
