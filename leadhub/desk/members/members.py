"""The members page: who is here, what they may do, who is invited."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.invitations import invite_member, revoke_invitation, sign_invitation
from leadhub.accounts.members import change_member, get_member, give_duty, list_members
from leadhub.accounts.models import Invitation, Membership
from leadhub.delivery.outbox import deliver
from leadhub.desk.members.forms import InviteForm, MemberForm
from leadhub.desk.members.impact import list_departure_effects
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.tenancy.forms import field_error
from leadhub.web.confirmation import ask_first, is_confirmed
from leadhub.web.export import export_list
from leadhub.web.parts import Column
from leadhub.web.sorting import Sort, Sorting
from routing.departures import ask_to_hand_on

DUTIES = ("marketing_owner", "duty_manager")
COLUMNS = [
    Column("Member", "name"),
    Column("Role", "role"),
    Column("Duties"),
    Column("Access", "access"),
    Column("", align="end"),
]
SORTING = Sorting(
    sorts=(
        Sort(key="name", by="name", up="Name, A to Z", down="Name, Z to A"),
        Sort(key="role", by="role", up="Role, A to Z", down="Role, Z to A"),
        Sort(key="access", by="is_active", up="Without access first", down="With access first"),
    ),
    usual="name",
)


@require_http_methods(["GET", "POST"])
@member_view(permission="members.view", post="members.edit")
def member_list(request: MemberRequest) -> HttpResponse:
    """List members and open invitations; an admin invites here."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and send_invitation(request, form):
        return redirect("member_list")
    now, order = utc_now(), SORTING.read(request.GET)
    context = {
        "members": order.arrange(list_members(include_inactive=True)),
        "sort": order,
        "invitations": Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now),
        "form": form,
        "may_edit": request.viewer.may("members.edit"),
        "columns": COLUMNS,
    }
    return render(request, "desk/members/members.html", context)


@require_GET
@member_view(permission="members.view")
def member_export(request: MemberRequest) -> HttpResponseBase:
    """Download the members in the list's order."""
    members = SORTING.read(request.GET).arrange(list_members(include_inactive=True))
    return export_list(
        request,
        name="members",
        header=("Name", "E-mail", "Role", "Marketing owner", "Duty manager", "Active", "Since"),
        rows=[
            (
                member.name,
                member.user.email,
                member.get_role_display(),
                member.is_marketing_owner,
                member.is_duty_manager,
                member.is_active,
                member.created_at,
            )
            for member in members
        ],
    )


def send_invitation(request: MemberRequest, form: InviteForm) -> bool:
    """Invite and mail; put what goes wrong at its field and return False."""
    now = utc_now()
    try:
        with transaction.atomic():
            invitation = invite_member(**form.cleaned_data, actor=request.viewer.member, now=now)
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    except IntegrityError as error:
        found = field_error(error)
        if found is None:
            raise
        form.add_error(*found)
        return False
    path = reverse("invitation_accept", args=[sign_invitation(invitation=invitation)])
    link = f"{settings.PUBLIC_URL}{path}"  # never the Host header's word: the link lets somebody in
    deliver(
        channel="mail",
        purpose="invitation",
        dedupe_key=f"invitation:{invitation.id}",
        recipient=invitation.email,
        content=write_invitation(request, link),
        now=now,
    )
    messages.success(request, f"An invitation is on its way to {invitation.email}.")
    return True


def write_invitation(request: MemberRequest, link: str) -> dict[str, str]:
    """Return the mail."""
    viewer = request.viewer
    text = (
        f"{viewer.member.name} invites you to work with {viewer.organization.name} in LeadHub.\n\n"
        f"Accept here within 7 days:\n{link}\n"
    )
    return {"subject": f"Join {viewer.organization.name} on LeadHub", "text": text}


@require_http_methods(["GET", "POST"])
@member_view(permission="members.edit")
def member_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change a member."""
    try:
        member = get_member(member_id=pk)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    initial = {name: getattr(member, name) for name in MemberForm.base_fields}
    form = MemberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if member.is_active and not form.cleaned_data["is_active"] and not is_confirmed(request):
            return ask_to_end_access(request, member)
        try:
            change(member, form, actor=request.viewer.member)
        except (DomainError, ValidationError) as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
        else:
            messages.success(request, f"{member.name} is changed.")
            return redirect("member_list")
    return render(request, "desk/members/member.html", {"member": member, "form": form})


def ask_to_end_access(request: MemberRequest, member: Membership) -> HttpResponse:
    """Show what ending the member's access does before it is done."""
    return ask_first(
        request,
        title=f"End the access of {member.name}?",
        effects=list_departure_effects(member),
        confirm_label="End the access",
        back_url=reverse("member_detail", args=[member.pk]),
    )


@transaction.atomic
def change(member: Membership, form: MemberForm, *, actor: Membership) -> None:
    """Apply the form: duties first, since they decide who may leave. A duty is handed on, never dropped."""
    now = utc_now()
    for duty in DUTIES:
        wants, has = form.cleaned_data[f"is_{duty}"], getattr(member, f"is_{duty}")
        if has and not wants:
            raise DomainError("Somebody must have this duty: tick it for the next one instead.", field=f"is_{duty}")
        if wants and not has:
            give_duty(member=member, duty=duty, actor=actor, now=now)
    was_active = member.is_active
    change_member(
        member=member,
        role=form.cleaned_data["role"],
        name=form.cleaned_data["name"],
        is_active=form.cleaned_data["is_active"],
        actor=actor,
        now=now,
    )
    if was_active and not member.is_active:
        ask_to_hand_on(member=member, now=now)


@require_POST
@member_view(permission="members.edit")
def invitation_revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Close an invitation."""
    invitation = get_object_or_404(Invitation.objects.all(), pk=pk)
    revoke_invitation(invitation=invitation, actor=request.viewer.member, now=utc_now())
    messages.success(request, f"The invitation of {invitation.email} is revoked.")
    return redirect("member_list")
