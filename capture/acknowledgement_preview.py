"""Show the acknowledgement for a sample lead while its words are edited. Called by the forms' pages."""

from dataclasses import dataclass
from typing import Any

from leadhub.delivery.liquid import RenderedMail, list_unknown, render_mail

SAMPLE: dict[str, Any] = {
    "person": {
        "first_name": "Grace",
        "last_name": "Hopper",
        "name": "Grace Hopper",
        "email": "grace@navy.example",
        "company": "US Navy",
    },
    "inquiry": {
        "message": "We would like a quote for new siding on our house.",
        "service": "Siding",
        "arrived": "Wednesday 4 March, 15:00 UTC",
        "fields": {"house_size": "180 m²"},
    },
    "answer": {"by": "Wednesday 4 March, 15:05 UTC"},
}


@dataclass(frozen=True, kw_only=True)
class AcknowledgementPreview:
    """The mail as the sample lead would get it, and the names in its words that mean nothing."""

    mail: RenderedMail
    unknown: list[str]


def preview_acknowledgement(*, subject: str, body: str, organization: str, answerer: str) -> AcknowledgementPreview:
    """Render the words for the sample; raises `TemplateFault`."""
    answer = {**SAMPLE["answer"], "name": answerer}
    values = {**SAMPLE, "answer": answer, "organization": {"name": organization}}
    mail = render_mail(subject=subject, body=body, values=values)
    return AcknowledgementPreview(mail=mail, unknown=list_unknown(subject, body, values=values))
