"""What a step would say to a real lead. Called by the sequence pages and the API; writes nothing."""

from datetime import datetime

from leadhub.delivery.liquid import RenderedMail, list_unknown
from leadhub.leads.models import Lead
from nurture.models import Step
from nurture.settings import read_settings
from nurture.steps import StepPlan
from nurture.wording import add_footer, describe_lead, make_footer, write_line, write_mail


def render_step(*, step: Step | StepPlan, lead: Lead) -> RenderedMail:
    """Return the step's words for a lead: a mail with its footer, or a task's title as the subject.

    The links lead where they lead, uncounted; "unsubscribe" leads nowhere. Raises `TemplateFault`.
    """
    if step.kind == Step.Kind.TASK:
        return RenderedMail(subject=write_line(template=step.task_title, lead=lead), text="", html="")
    mail = write_mail(subject=step.subject, body=step.body, lead=lead)
    return add_footer(mail, footer=make_footer(rules=read_settings(), leave_url="#"))


def list_slips(*, step: Step | StepPlan, lead: Lead) -> list[str]:
    """Return the names in the step's words that mean nothing and stay empty."""
    return list_unknown(step.subject, step.body, step.task_title, values=describe_lead(lead))


def list_preview_leads(*, now: datetime, limit: int = 20) -> list[Lead]:
    """Return recent leads with an address, to choose one for the preview."""
    leads = Lead.objects.filter(is_test=False, captured_at__lte=now).exclude(person__email_norm="")
    return list(leads.select_related("person", "owner__user").order_by("-captured_at")[:limit])
