"""The line, in order: identify → enrich → score → qualify → route → clock → alert → enroll → notify.

`identify` is how a walk begins: intake turns the submission into person, lead, inquiry and event. Each other
step is a plain function of its feature and runs in a savepoint: when it fails, its own job tries it again.
"""

from collections.abc import Callable

from capture.enrichment import enrich
from leadhub.leads.walk import Walk
from leadhub.line.notify import notify
from nurture.enrolling import enroll
from routing.alerting import alert
from routing.assignment import route
from routing.clocks import clock
from scoring.live_score import score
from scoring.qualify import qualify

Step = Callable[[Walk], None]

STEPS: dict[str, Step] = {
    "enrich": enrich,
    "score": score,
    "qualify": qualify,
    "route": route,
    "clock": clock,
    "alert": alert,
    "enroll": enroll,
    "notify": notify,
}
