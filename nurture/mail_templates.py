"""Write, change and remove the templates of personal mails, audited; fill one in for a lead.

Called by the templates' pages, the lead page, the API and the demo.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.delivery.liquid import WORDS, RenderedMail, TemplateFault, list_unknown, render_mail
from leadhub.delivery.writing import Words, Written, write_anyway
from leadhub.leads.models import Lead
from leadhub.lib.errors import DomainError
from nurture.models import MailTemplate
from nurture.wording import describe_letter


class TemplateInvalid(DomainError):
    """The template lacks a part, or holds what nobody could edit."""


class TemplateNameTaken(DomainError):
    """Another template has the name."""

    def __init__(self) -> None:
        super().__init__("Another template has this name.", field="name")


@dataclass(frozen=True, kw_only=True)
class TemplatePlan:
    """What a member writes about a template: its name, and two texts of Liquid."""

    name: str
    subject: str
    body: str


def list_templates() -> list[MailTemplate]:
    """Return the organization's templates by name."""
    return list(MailTemplate.objects.order_by("name"))


def create_template(*, plan: TemplatePlan, actor: Membership | None, now: datetime) -> MailTemplate:
    """Write a template. Raises `TemplateInvalid`, `TemplateNameTaken`, `TemplateFault`."""
    template = MailTemplate(created_at=now, updated_at=now)
    _apply(plan, template=template)
    _save(template)
    _record(template, what="written", actor=actor, now=now, after=plan)
    return template


def change_template(
    *, template: MailTemplate, plan: TemplatePlan, actor: Membership | None, now: datetime
) -> MailTemplate:
    """Change a template; mails that were written with it stay. Raises as `create_template`."""
    before = read_template(template)
    _apply(plan, template=template)
    template.updated_at = now
    _save(template)
    _record(template, what="changed", actor=actor, now=now, before=before, after=plan)
    return template


def remove_template(*, template: MailTemplate, actor: Membership | None, now: datetime) -> None:
    """Remove a template; mails that were written with it stay. Twice changes nothing."""
    if MailTemplate.objects.filter(pk=template.pk).delete()[0]:
        _record(template, what="removed", actor=actor, now=now, before=read_template(template))


def read_template(template: MailTemplate) -> TemplatePlan:
    """Return the template as a plan, for a form to change."""
    return TemplatePlan(name=template.name, subject=template.subject, body=template.body)


def show_letter(*, words: Words, lead: Lead, sender: Membership) -> RenderedMail:
    """Return the words for a lead as they would be sent unedited. Raises `TemplateFault`."""
    return render_mail(subject=words.subject, body=words.body, values=describe_letter(lead, sender=sender))


def draft_letter(*, template: MailTemplate, lead: Lead, sender: Membership) -> Written:
    """Return the template filled in for a lead, for its sender to edit: what faults on their values is left out.

    Raises `TemplateFault` where more than an output faults.
    """
    words = Words(subject=template.subject, body=template.body)
    return write_anyway(words=words, values=describe_letter(lead, sender=sender))


def list_letter_slips(*, words: Words, lead: Lead, sender: Membership) -> list[str]:
    """Return the names in the words that mean nothing and stay empty."""
    return list_unknown(words.subject, words.body, values=describe_letter(lead, sender=sender))


def _apply(plan: TemplatePlan, *, template: MailTemplate) -> None:
    _require_written(plan)
    template.name, template.subject, template.body = plan.name.strip(), plan.subject.strip(), plan.body.strip()


def _save(template: MailTemplate) -> None:
    """Save it, unless another one has the name."""
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise TemplateNameTaken from error


def _require_written(plan: TemplatePlan) -> None:
    asked = (("name", "Give it a name."), ("subject", "Write a subject."), ("body", "Write the mail."))
    for field, words in asked:
        if not getattr(plan, field).strip():
            raise TemplateInvalid(words, field=field)
    if render_mail(subject=plan.subject, body=plan.body, values={}).html:
        raise TemplateFault(f"{WORDS} is plain text: its sender edits it, so leave out the HTML tags.", field="body")


def _record(
    template: MailTemplate,
    *,
    what: str,
    actor: Membership | None,
    now: datetime,
    before: TemplatePlan | None = None,
    after: TemplatePlan | None = None,
) -> None:
    record_change(
        actor=actor,
        action=f"mail_template.{what}",
        target_kind="mail_template",
        target_id=template.pk,
        summary=f"Template {template.name} {what}",
        now=now,
        before=asdict(before) if before else None,
        after=asdict(after) if after else None,
    )
