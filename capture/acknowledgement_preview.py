"""Show the acknowledgement for a sample lead while its words are edited. Called by the forms' pages."""

from typing import Any

from leadhub.delivery.liquid import RenderedMail, render_mail

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


def preview_acknowledgement(*, subject: str, body: str, organization: str, answerer: str) -> RenderedMail:
    """Render the words for the sample; raises `TemplateFault`."""
    answer = {**SAMPLE["answer"], "name": answerer}
    return render_mail(
        subject=subject, body=body, values={**SAMPLE, "answer": answer, "organization": {"name": organization}}
    )
