"""What all who act in the demo share: chance, and the spans that it draws. Colleagues, their rounds and readers do."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

Plans = Iterator[tuple[timedelta, Callable[[datetime], Any]]]


class Planner:
    """Somebody whose acts plan the next ones."""

    def __init__(self, *, chance: random.Random) -> None:
        self.chance = chance

    def _minutes(self, low: float, high: float) -> timedelta:
        return timedelta(minutes=self.chance.uniform(low, high))

    def _hours(self, low: float, high: float) -> timedelta:
        return timedelta(hours=self.chance.uniform(low, high))
