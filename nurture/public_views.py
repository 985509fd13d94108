"""What a mail's links lead to: the picture, the counted link, the page to unsubscribe. No log-in, no cookie.

A link that we did not make is answered 404 and leads nowhere. Requests by GET change nothing but the count.
"""

import base64
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from leadhub.accounts.access import public_view
from leadhub.lib.clock import utc_now
from nurture.links import CLICK, LEAVE, OPEN, LinkInvalid, read_link
from nurture.models import MailHit
from nurture.tracking import Request, note_hit
from nurture.unsubscribing import find_leaver, unsubscribe

PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@public_view
@require_safe
def open_picture(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with an empty picture; note that the mail was opened."""
    try:
        link = read_link(purpose=OPEN, token=token)
    except LinkInvalid:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    note_hit(link=link, kind=MailHit.Kind.OPENED, request=_read(request), now=utc_now())
    return HttpResponse(PICTURE, content_type="image/gif", headers={"Cache-Control": "no-store"})


@public_view
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on to where the link was signed for; note the click."""
    try:
        link = read_link(purpose=CLICK, token=token)
    except LinkInvalid:
        return answer_unknown(request)
    note_hit(link=link, kind=MailHit.Kind.CLICKED, request=_read(request), now=utc_now())
    return HttpResponseRedirect(link.target, headers={"Cache-Control": "no-store"})


@public_view
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button; a POST, from it or from a mail program (RFC 8058 section 3.2), unsubscribes at once."""
    try:
        link = read_link(purpose=LEAVE, token=token)
    except LinkInvalid:
        return answer_unknown(request)
    is_done = request.method == "POST"
    leaver = unsubscribe(link=link, now=utc_now()) if is_done else find_leaver(link=link)
    if leaver is None:
        return answer_unknown(request)
    return render(request, "nurture/unsubscribe.html", {"leaver": leaver, "is_done": is_done})


def answer_unknown(request: HttpRequest) -> HttpResponse:
    """Say that the link leads nowhere."""
    return render(request, "nurture/unknown_link.html", status=HTTPStatus.NOT_FOUND)


def _read(request: HttpRequest) -> Request:
    return Request(method=request.method or "", headers=dict(request.headers))
