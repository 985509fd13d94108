"""The templates of personal mails: the list, one edited beside its rendering for a real lead, its removal."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.liquid import LONGEST_TEMPLATE
from leadhub.delivery.writing import Words
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.confirmation import Effect, ask_first, is_confirmed
from leadhub.web.parts import Column
from nurture.mail_templates import (
    TemplatePlan,
    change_template,
    create_template,
    list_templates,
    read_template,
    remove_template,
)
from nurture.models import MailTemplate
from nurture.pages.forms import PLACEHOLDERS
from nurture.pages.previews import preview_letter
from nurture.pages.tabs import list_tabs

_COLUMNS = [Column("Template"), Column("Subject"), Column("Changed")]


class TemplateForm(forms.Form):
    """A template's name and words."""

    name = forms.CharField(max_length=120, help_text="Colleagues choose it by this.")
    subject = forms.CharField(max_length=300)
    body = forms.CharField(
        label="Words",
        max_length=LONGEST_TEMPLATE,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text=f"{PLACEHOLDERS} Whoever sends it: <code>{{{{ sender.name }}}}</code>. "
        "Plain text: it is edited before it is sent.",
    )


@require_GET
@member_view(permission="nurture.view")
def template_list(request: MemberRequest) -> HttpResponse:
    """List the templates."""
    context = {
        "tabs": list_tabs("mail_template_list", may=request.viewer.may),
        "templates": list_templates(),
        "columns": _COLUMNS,
        "may_edit": request.viewer.may("templates.edit"),
    }
    return render(request, "nurture/templates.html", context)


@require_http_methods(["GET", "POST"])
@member_view(permission="templates.edit")
def template_new(request: MemberRequest) -> HttpResponse:
    """Write a template."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.view", post="templates.edit")
def template_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show a template with a lead's values in it, and change it."""
    return _edit(request, get_object_or_404(MailTemplate, pk=pk))


@require_POST
@member_view(permission="templates.edit")
def template_removal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Remove a template, after saying what stays."""
    template = get_object_or_404(MailTemplate, pk=pk)
    if not is_confirmed(request):
        return ask_first(
            request,
            title=f"Remove “{template.name}”?",
            effects=[
                Effect("Nobody can begin a mail with it any more."),
                Effect("Mails that were sent with it stay as they are."),
            ],
            confirm_label="Remove the template",
            back_url=reverse("mail_template", args=[pk]),
        )
    remove_template(template=template, actor=request.viewer.member, now=utc_now())
    messages.success(request, f"“{template.name}” is removed.")
    return redirect("mail_template_list")


def _edit(request: MemberRequest, template: MailTemplate | None) -> HttpResponse:
    stored = vars(read_template(template)) if template else {}
    is_post = request.method == "POST"
    is_asked_to_save = is_post and "preview" not in request.POST
    initial = request.POST.dict() if is_post else stored
    form = TemplateForm(request.POST if is_asked_to_save else None, initial=initial)
    if is_asked_to_save and form.is_valid() and _save(request, form, template):
        return redirect("mail_template_list")
    words = Words(**{name: str(form[name].value() or "") for name in ("subject", "body")})
    context: dict[str, Any] = {
        "template": template,
        "form": form,
        "kind": "mail",
        "may_edit": request.viewer.may("templates.edit"),
        **preview_letter(request, words=words),
    }
    page = "nurture/_preview.html" if request.htmx.target == "preview" else "nurture/template.html"
    return render(request, page, context, status=422 if is_asked_to_save else 200)


def _save(request: MemberRequest, form: TemplateForm, template: MailTemplate | None) -> bool:
    """Save the template, or put what is wrong at its field and return False."""
    plan, actor, now = TemplatePlan(**form.cleaned_data), request.viewer.member, utc_now()
    try:
        if template is None:
            create_template(plan=plan, actor=actor, now=now)
        else:
            change_template(template=template, plan=plan, actor=actor, now=now)
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    messages.success(request, f"“{plan.name}” is saved.")
    return True
