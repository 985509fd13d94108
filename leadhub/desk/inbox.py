"""The inbox of an installation that delivers no mail: what its local sink kept of this organization's, for admins."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import nh3
from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.kept_mail import KeptMail, KeptMessage, find_copies, list_kept_mail, read_message
from leadhub.delivery.models import Delivery
from leadhub.desk.inbox_answers import AnswerForm, may_answer
from leadhub.web.parts import Tab

PAGE_SIZE = 50
_VIEWS = (("html", "As sent"), ("text", "Text"), ("headers", "Headers"))
# A mail is a stranger's page: no script, no origin, links open a tab of their own.
_LETTER_POLICY = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": [SELF, "data:", "https:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
_LETTER_HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mail</title><base target="_blank">'
    "<style>body { margin: 20px; font: 15px/1.55 system-ui, sans-serif; color: #171c26; background: #fff; }</style>"
)


@dataclass(frozen=True)
class Row:
    """A mail with the delivery that caused it."""

    mail: KeptMail
    delivery: Delivery


@require_GET
@member_view(permission="inbox.view")
def inbox_list(request: MemberRequest) -> HttpResponse:
    """List the mails, the newest first."""
    return render(request, "desk/inbox/page.html", _read_list(request))


@require_GET
@member_view(permission="inbox.view")
def inbox_message(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one mail beside the list."""
    delivery = get_object_or_404(Delivery.objects.select_related("lead__person"), pk=pk, channel="mail")
    copies = _find_copies(pk)
    message = read_message(copies[0].path) if copies else None
    context = {
        **_read_list(request),
        "delivery": delivery,
        "answer_form": AnswerForm() if copies and may_answer(delivery) else None,
        "copies": copies,
        "message": message,
        "shown": _choose_view(message, request.GET.get("show", "")),
        "has_pictures": "pictures" in request.GET,
    }
    context["views"] = _list_views(request, message, context["shown"])
    return render(request, "desk/inbox/page.html", context)


@require_GET
@xframe_options_sameorigin
@csp_replace(_LETTER_POLICY)
@member_view(permission="inbox.view")
def inbox_letter(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Return the mail's HTML for the frame. Its pictures only with `?pictures`: loading one counts as opening."""
    get_object_or_404(Delivery, pk=pk, channel="mail")
    copies = _find_copies(pk)
    html = read_message(copies[0].path).html if copies else ""
    tags = nh3.ALLOWED_TAGS if "pictures" in request.GET else nh3.ALLOWED_TAGS - {"img"}
    return HttpResponse(f"{_LETTER_HEAD}<body>{nh3.clean(html, tags=tags)}")


def _read_list(request: MemberRequest) -> dict[str, Any]:
    recipient = request.GET.get("q", "").strip()
    if not settings.MAIL_FOLDER:
        return {"is_kept": False, "server": settings.EMAIL_HOST}
    mails = list_kept_mail(folder=Path(settings.MAIL_FOLDER), recipient=recipient)
    page = Paginator(mails, PAGE_SIZE).get_page(request.GET.get("page"))
    ids = [mail.delivery_id for mail in page]
    deliveries = Delivery.objects.select_related("lead__person").in_bulk(ids)
    rows = [Row(mail, deliveries[mail.delivery_id]) for mail in page]
    return {"is_kept": True, "page": page, "rows": rows, "q": recipient}


def _find_copies(delivery_id: UUID) -> list[KeptMail]:
    if not settings.MAIL_FOLDER:
        return []
    return find_copies(folder=Path(settings.MAIL_FOLDER), delivery_id=delivery_id)


def _choose_view(message: KeptMessage | None, wanted: str) -> str:
    if wanted in dict(_VIEWS) and (wanted != "html" or (message and message.html)):
        return wanted
    return "html" if message and message.html else "text"


def _list_views(request: MemberRequest, message: KeptMessage | None, shown: str) -> list[Tab]:
    query = request.GET.copy()
    tabs = []
    for name, label in _VIEWS:
        if name != "html" or (message and message.html):
            query["show"] = name
            tabs.append(Tab(label, f"?{query.urlencode()}", is_current=name == shown))
    return tabs
