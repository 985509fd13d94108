"""Write to a lead: the form opens in its page or beside the queue, filled in from a template, and sends one mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.delivery.liquid import TemplateFault
from leadhub.desk.acting import Act, perform
from leadhub.desk.allowed import may_work
from leadhub.desk.deeds import Deed
from leadhub.desk.lead_page import show_lead
from leadhub.desk.next_steps import WORDS, When, choose_due_after, choose_due_at
from leadhub.desk.queue_page import show_queue
from leadhub.leads.models import Lead, Outcome
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id, read_id
from leadhub.web.formatting import format_moment
from nurture.mail_templates import draft_letter, list_templates
from nurture.models import MailTemplate
from nurture.personal import LONGEST_SUBJECT, LONGEST_TEXT, Letter, SentOtherwise, find_obstacle, send_letter


class MailForm(forms.Form):
    """One mail, edited before it is sent. `key` makes of two clicks one mail."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=new_id)
    template = forms.CharField(widget=forms.HiddenInput, max_length=120, required=False)
    subject = forms.CharField(max_length=LONGEST_SUBJECT, widget=forms.TextInput(attrs={"autofocus": True}))
    text = forms.CharField(
        label="Words", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"})
    )
    when = forms.ChoiceField(
        choices=[("", "As usual after a mail: in 3 days"), *((each.value, WORDS[each]) for each in When)],
        required=False,
        label="Next task",
    )
    warning = ""  # what the template could not say
    obstacle = ""  # why nobody can write to them

    @property
    def templates(self) -> list[MailTemplate]:
        """What a mail can begin with."""
        return list_templates()

    def renew(self) -> None:
        """Let the next click send another mail."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "key": str(new_id())}


def _send(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    chosen = values.cleaned_data
    due_at = (
        choose_due_at(when=When(chosen["when"]), now=now)
        if chosen["when"]
        else choose_due_after(outcome=Outcome.MAIL, now=now)
    )
    letter = Letter(subject=chosen["subject"], text=chosen["text"], template=chosen["template"])
    try:
        sent = send_letter(lead=lead, letter=letter, actor=actor, now=now, key=chosen["key"], next_task_due_at=due_at)
    except SentOtherwise:
        values.renew()
        raise
    follows = f" Next task: {format_moment(due_at)}." if due_at else ""
    return Deed(f"The mail to {sent.recipient} is on its way.{follows}")


SEND = Act("mail", MailForm, _send)


@require_http_methods(["GET", "POST"])
@member_view(permission="leads.work")
def mails(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the form, `?template=` filled in; a POST sends the mail."""
    if request.method == "POST":
        return perform(request, pk, SEND)
    viewer = request.viewer
    lead = get_object_or_404(Lead.objects.select_related("person", "owner__user"), pk=pk)
    if not may_work(viewer, lead):
        raise PermissionDenied("This lead is not yours: its owner or a manager may do this.")
    form = draft_form(lead=lead, sender=viewer.member, template_id=read_id(request.GET.get("template", "")))
    place = "queue" if request.GET.get("place") == "queue" else "lead"
    if request.htmx:
        context = {"form": form, "lead": lead, "place": place}
        return TemplateResponse(request, "desk/acts/_mail.html", context)
    show = show_queue if place == "queue" else show_lead
    return show(request, lead_id=pk, bound={SEND.name: form})


def draft_form(*, lead: Lead, sender: Membership, template_id: UUID | None) -> MailForm:
    """Return the form, begun with a template where one is chosen, or saying why nobody can write."""
    template = MailTemplate.objects.filter(pk=template_id).first() if template_id else None
    initial: dict[str, Any] = {}
    warning = ""
    if template is not None:
        try:
            written = draft_letter(template=template, lead=lead, sender=sender)
            warning = written.apology
            initial = {"subject": written.mail.subject, "text": written.mail.text, "template": template.name}
        except TemplateFault as fault:
            warning = fault.message
    form = MailForm(initial=initial, auto_id=f"{SEND.name}_%s")
    form.warning, form.obstacle = warning, find_obstacle(lead, now=utc_now())
    return form
