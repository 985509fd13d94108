"""The forms' pages: the list, and one form with its code to embed, fields, words and counts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capture.acknowledgement_preview import preview_acknowledgement
from capture.form_editing import create_form, update_form
from capture.form_forms import AcknowledgementForm, FieldFormSet, SettingsForm, list_initial
from capture.impact import list_form_effects
from capture.models import Form
from capture.queries import count_submissions, list_forms
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.liquid import TemplateFault
from leadhub.delivery.writing import Kind, find_faults
from leadhub.lib.clock import utc_now
from leadhub.web.confirmation import ask_first, is_confirmed
from leadhub.web.parts import Column

_COLUMNS = [
    Column("Form"),
    Column("Intent"),
    Column("Received", align="end"),
    Column("Leads", align="end"),
    Column("Last one"),
    Column(""),
]


@require_GET
@member_view(permission="forms.view")
def form_list(request: MemberRequest) -> HttpResponse:
    """Show every form with what came through it."""
    forms = list_forms()
    faults = find_faults(kind=Kind.FORM, template_ids=[row.form.pk for row in forms])
    rows = [(row, faults.get(row.form.pk)) for row in forms]
    return render(request, "capture/forms.html", {"forms": rows, "columns": _COLUMNS})


@require_POST
@member_view(permission="forms.edit")
def form_create(request: MemberRequest) -> HttpResponse:
    """Create a form with the default fields and open it."""
    name = request.POST.get("name", "").strip()[:200] or "New form"
    form = create_form(name=name, actor=request.viewer.member, now=utc_now())
    messages.success(request, "The form is ready: change it as you like.")
    return redirect("form_detail", pk=form.pk)


@require_http_methods(["GET", "POST"])
@member_view(permission="forms.edit")
def form_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show and change a form's settings and fields."""
    form = get_object_or_404(Form, pk=pk)
    if request.method != "POST":
        return _show(request, form)
    settings = SettingsForm(request.POST, instance=Form.objects.get(pk=pk))
    fields = FieldFormSet(request.POST, prefix="fields")
    if not (settings.is_valid() and fields.is_valid()):
        return _show(request, form, settings=settings, fields=fields)
    changes = {**settings.cleaned_data, "fields": fields.list_fields()}  # type: ignore[attr-defined]
    effects = list_form_effects(form, changes, now=utc_now())
    if effects and not is_confirmed(request):
        title, back = f"Change the form {form.name}?", reverse("form_detail", args=[pk])
        return ask_first(request, title=title, effects=effects, confirm_label="Save the form", back_url=back)
    update_form(form=form, changes=changes, actor=request.viewer.member, now=utc_now())
    messages.success(request, "Saved. Visitors see it within seconds.")
    return redirect("form_detail", pk=pk)


@require_http_methods(["GET", "POST"])
@member_view(permission="forms.edit")
def form_acknowledgement(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show and change the mail that answers at once; `preview` renders what is typed without saving it."""
    form = get_object_or_404(Form, pk=pk)
    words = AcknowledgementForm(request.POST or None, instance=Form.objects.get(pk=pk))
    if request.method == "POST" and "preview" not in request.POST and words.is_valid():
        update_form(form=form, changes=words.cleaned_data, actor=request.viewer.member, now=utc_now())
        messages.success(request, "Saved: the next inquiry is answered so.")
        return redirect("form_acknowledgement", pk=pk)
    context = {"form": form, "words": words, **_preview(request, words)}
    if request.htmx.target == "preview":
        return render(request, "capture/_acknowledgement_preview.html", context)
    context["wording_fault"] = find_faults(kind=Kind.FORM, template_ids=[pk]).get(pk)
    status = 422 if request.method == "POST" and "preview" not in request.POST else 200
    return render(request, "capture/acknowledgement.html", context, status=status)


def _preview(request: MemberRequest, words: AcknowledgementForm) -> dict[str, Any]:
    viewer = request.viewer
    try:
        preview = preview_acknowledgement(
            subject=str(words["acknowledgement_subject"].value() or ""),
            body=str(words["acknowledgement_body"].value() or ""),
            organization=viewer.organization.name,
            answerer=viewer.member.name,
        )
    except TemplateFault as fault:
        return {"fault": fault.message}
    return {"mail": preview.mail, "unknown": preview.unknown}


def _show(
    request: MemberRequest, form: Form, *, settings: SettingsForm | None = None, fields: Any = None
) -> HttpResponse:
    hosted_url = request.build_absolute_uri(reverse("form_door", args=[form.key]))
    script_url = request.build_absolute_uri(reverse("form_script", args=[form.key]))
    context = {
        "form": form,
        "settings": settings or SettingsForm(instance=form),
        "fields": fields if fields is not None else FieldFormSet(initial=list_initial(form.fields), prefix="fields"),
        "hosted_url": hosted_url,
        "embed_code": f'<script src="{script_url}" async></script>',
        "counts": count_submissions(form),
    }
    return render(request, "capture/form.html", context, status=422 if settings is not None else 200)
