"""A sequence's words for one lead: Liquid over plain values, then links to be counted, footer and picture.

Mailing sends what this returns, the preview shows it. The acknowledgement names a person alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import conditional_escape, linebreaks, urlize

from leadhub.accounts.duty import find_answerer
from leadhub.accounts.models import Membership
from leadhub.delivery.liquid import RenderedMail, render_mail
from leadhub.delivery.writing import Words, Written, write_anyway
from leadhub.leads.address import PARTS
from leadhub.leads.inquiry_records import find_latest_inquiry
from leadhub.leads.models import Lead, Person
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from nurture.quoting import quote
from nurture.settings import SendingRules

Rewrite = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Footer:
    """What stands below every mail of a sequence."""

    sender: str
    postal_address: str
    leave_url: str


def write_mail(*, subject: str, body: str, lead: Lead) -> RenderedMail:
    """Render subject and body for a preview; plain text gets an HTML twin. Raises `TemplateFault`."""
    return _add_twin(render_mail(subject=subject, body=body, values=describe_lead(lead)))


def write_mail_anyway(*, words: Words, lead: Lead) -> Written:
    """Render a mail to be sent: outputs that fault are left out. Raises `TemplateFault` where more does."""
    written = write_anyway(words=words, values=describe_lead(lead))
    mail = written.mail if written.mail.subject else replace(written.mail, subject=_find_organization().name)
    return Written(mail=_add_twin(mail), fault=written.fault)


def write_line(*, template: str, lead: Lead) -> str:
    """Render a task's title for a preview. Raises `TemplateFault`."""
    return render_mail(subject=template, body="", values=describe_lead(lead)).subject


def write_line_anyway(*, template: str, lead: Lead) -> Written:
    """Render the title of a task that is to be given: outputs that fault are left out."""
    return write_anyway(words=Words(subject=template, body=""), values=describe_lead(lead))


def _add_twin(mail: RenderedMail) -> RenderedMail:
    return replace(mail, html=mail.html or write_twin(mail.text))


def write_twin(text: str) -> str:
    """Return plain text as HTML, its links to be clicked."""
    return linebreaks(urlize(text.strip(), autoescape=True))


def describe_lead(lead: Lead) -> dict[str, Any]:
    """Return what a template may name: person, inquiry (the latest), owner (who answers) and organization."""
    person, inquiry, answerer = lead.person, find_latest_inquiry(lead_id=lead.pk), find_answerer(lead.owner)
    organization = _find_organization()
    return {
        "person": {**describe_person(person), "title": quote(person.title), **_describe_place(person)},
        "inquiry": {
            "message": quote(inquiry.message) if inquiry else "",
            "service": quote(inquiry.service) if inquiry else "",
            "fields": quote(inquiry.fields) if inquiry else {},
        },
        "owner": {"name": answerer.name, "email": answerer.user.email},
        "organization": {"name": organization.name},
    }


def describe_letter(lead: Lead, *, sender: Membership) -> dict[str, Any]:
    """Return what a template of a personal mail may name: the same, and who writes it."""
    return {**describe_lead(lead), "sender": {"name": sender.name, "email": sender.user.email}}


def describe_person(person: Person) -> dict[str, str]:
    """Return what every mail's words may name of a person, who wrote it themselves."""
    return {
        "first_name": quote(person.first_name),
        "last_name": quote(person.last_name),
        "name": quote(person.name),
        "email": person.email,
        "company": _describe_company(person),
    }


def _describe_company(person: Person) -> str:
    """Return the company's name, which may be the site of their own address: Booking.com."""
    is_own = person.company_name.strip().lower() == person.email_norm.rpartition("@")[2]
    return person.company_name if is_own else str(quote(person.company_name))


def _describe_place(person: Person) -> dict[str, str]:
    """Return where the person is, in their own words as well."""
    return {name: quote(getattr(person, name)) for name in PARTS}


def add_footer(mail: RenderedMail, *, footer: Footer) -> RenderedMail:
    """Add who wrote, from where, and how to unsubscribe."""
    lines = [line for line in (footer.sender, footer.postal_address) if line]
    text = "\n".join([mail.text.rstrip(), "", "--", *lines, f"Unsubscribe: {footer.leave_url}", ""])
    shown = "<br>".join(conditional_escape(line) for line in lines)
    leave = f'<a href="{conditional_escape(footer.leave_url)}">Unsubscribe</a>'
    return RenderedMail(
        subject=mail.subject, text=text, html=f"{mail.html}\n<hr>\n<p><small>{shown}<br>{leave}</small></p>"
    )


def count_links(html: str, *, rewrite: Rewrite) -> str:
    """Return cleaned HTML whose links to the web go through `rewrite`."""

    def change(element: str, attribute: str, value: str) -> str | None:
        is_web = element == "a" and attribute == "href" and urlsplit(value).scheme in {"http", "https"}
        return rewrite(value.strip()) if is_web else value

    return nh3.clean(html, attribute_filter=change)


@lru_cache(maxsize=200)
def list_sites(body: str) -> frozenset[str]:
    """Return the sites that a template's own words link to.

    Only those links are counted: one that a visitor wrote into a form would lead from our address to theirs for ever.
    """
    sites = set[str]()

    def note(url: str) -> str:
        sites.add(read_site(url))
        return url

    for html in (body, urlize(body)):
        count_links(html, rewrite=note)
    return frozenset(sites)


def read_site(url: str) -> str:
    """Return host and port of a link."""
    return urlsplit(url).netloc.lower()


def make_footer(*, rules: SendingRules, leave_url: str) -> Footer:
    """Return the footer by the organization's rules."""
    return Footer(sender=name_sender(rules), postal_address=rules.postal_address, leave_url=leave_url)


def name_sender(rules: SendingRules) -> str:
    """Return the name that mails come from."""
    return rules.from_name or _find_organization().name


def _find_organization() -> Organization:
    return Organization.objects.get(pk=get_organization_id())
