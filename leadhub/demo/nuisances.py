"""What else arrives at a form: robots, and posts that nobody could answer. So the demo's ledger has all its terms."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from capture.doors import Arrival, store_submission
from capture.models import Form, Submission
from capture.spam import HONEYPOT, list_signs
from capture.validation import list_errors
from leadhub.leads.models import Door
from leadhub.lib.ids import new_id

_POSTS: tuple[dict[str, str], ...] = (
    {"name": "Best SEO", "email": "rank@seo-offers.example", "message": "First page, guaranteed!", HONEYPOT: "http://"},
    {"name": "Jo", "email": "jo.test@mailinator.com", "message": "Please send me the price list."},
    {"name": "Somebody", "message": "How much is a new roof?"},
    {"name": "Casino", "email": "win@lucky.example", "message": "You have won. Click here.", HONEYPOT: "yes"},
    {"name": "Pat Lee", "email": "pat.lee(at)example", "message": "Do you also build gutters?"},
)


@dataclass(frozen=True, kw_only=True)
class Nuisance:
    """One post that makes no lead; the door's own judgement says what becomes of it."""

    at: datetime
    form: Form
    values: dict[str, str]

    def __call__(self, at: datetime) -> Iterator[Any]:
        """Store it as the door would; nobody has anything to do then."""
        errors = list_errors(values=self.values, country="US")
        signs = list_signs(values=self.values, form_key=self.form.key, now=at, is_over_rate=False)
        faults = [f"{error.field}: {error.message}" for error in errors]
        store_submission(
            submission_id=new_id(),
            arrival=Arrival(
                door=Door.FORM,
                form_id=self.form.pk,
                body=urlencode(self.values).encode(),
                content_type="application/x-www-form-urlencoded",
                request={"address": "203.0.113.66", "agent": "python-requests/2.31"},
                values={name: value for name, value in self.values.items() if name != HONEYPOT},
            ),
            status=Submission.Status.REJECTED if faults else Submission.Status.QUARANTINED,
            reasons=faults or signs,
            now=at,
        )
        return iter(())


def imagine_nuisances(*, chance: random.Random, form: Form, leads: int, days: int, now: datetime) -> list[Nuisance]:
    """Return one for about twenty leads, three at least, over the last `days` days."""
    count = max(3, leads // 20)
    instants = (now - timedelta(minutes=chance.uniform(5, days * 24 * 60)) for _ in range(count))
    return [
        Nuisance(at=at, form=form, values=_POSTS[number % len(_POSTS)])
        for number, at in enumerate(sorted(instants, reverse=True))
    ]
