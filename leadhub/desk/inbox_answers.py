"""Answer a kept mail as its recipient: an installation that delivers nothing gets no answers by itself.

What is written goes in by the mail's door, byte for byte as a mail server would hand it in (`mail/inbound/` of the
API), so that one sees what a reply, an absence, a bounce and a wish to be left alone do.
"""

from email.message import EmailMessage
from email.utils import make_msgid
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from capture.callers import describe_request
from capture.mail.door import receive_mail
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.channels.mail import write_message_id
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import MEMBER_PURPOSES
from leadhub.lib.clock import utc_now

# A delivery status notification (RFC 3464).
_REPORT = """From: Mail Delivery System <mailer-daemon@localhost>
Subject: Undelivered mail
Message-ID: {id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

The mail could not be delivered: no such mailbox.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; localhost

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 No such mailbox

--part
Content-Type: text/rfc822-headers

Message-ID: {returned}
--part--
"""


class AnswerForm(forms.Form):
    """What comes back of the mail."""

    KINDS = {
        "reply": "They answer",
        "absence": "An out-of-office answer",
        "bounce": "It comes back: no such mailbox",
        "wish": "They write “unsubscribe”",
    }
    kind = forms.ChoiceField(label="What comes back", choices=list(KINDS.items()))
    text = forms.CharField(
        label="Their words", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, object]:
        """Ask for words where they are all that comes back."""
        values: dict[str, object] = super().clean() or {}
        if values.get("kind") == "reply" and not str(values.get("text", "")).strip():
            self.add_error("text", "Write what they answer.")
        return values


@require_POST
@member_view(permission="inbox.view")
def inbox_answer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand in an answer to the mail."""
    delivery: Delivery = get_object_or_404(Delivery, pk=pk, channel="mail")
    form = AnswerForm(request.POST)
    if not may_answer(delivery):
        messages.error(request, "Only a mail to a lead can be answered here, and only where mail is kept.")
    elif form.is_valid():
        raw = write_answer(delivery, kind=form.cleaned_data["kind"], text=form.cleaned_data["text"])
        receive_mail(raw=raw, request=describe_request(request), now=utc_now())
        messages.success(request, "Handed in: it is read in a moment. The lead's timeline and the intake ledger tell.")
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("inbox_message", pk=pk)


def may_answer(delivery: Delivery) -> bool:
    """Say whether to offer it: where mail is only kept, and for what went to a lead."""
    return bool(settings.MAIL_FOLDER) and delivery.purpose not in MEMBER_PURPOSES and delivery.lead_id is not None


def write_answer(delivery: Delivery, *, kind: str, text: str) -> bytes:
    """Return the mail that would come back."""
    own_id, returned = make_msgid(domain="localhost"), write_message_id(delivery.pk)
    if kind == "bounce":
        return _REPORT.format(id=own_id, recipient=delivery.recipient, returned=returned).encode()
    answer = EmailMessage()
    answer["Message-ID"], answer["In-Reply-To"] = own_id, returned
    answer["From"], answer["To"] = delivery.recipient, delivery.content.get("reply_to") or settings.DEFAULT_FROM_EMAIL
    subject = " ".join(str(delivery.content.get("subject", "")).split())
    answer["Subject"] = {"wish": f"unsubscribe {delivery.pk}", "absence": "Out of office"}.get(kind, f"Re: {subject}")
    if kind == "absence":
        answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(text or "I am away.")
    return answer.as_bytes()
