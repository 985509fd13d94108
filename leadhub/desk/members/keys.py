"""The API keys page."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.apikeys import NewApiKey, create_api_key, revoke_api_key
from leadhub.accounts.members import get_member
from leadhub.accounts.models import ApiKey
from leadhub.desk.members.forms import ApiKeyForm
from leadhub.lib.clock import utc_now
from leadhub.web.parts import Column


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where programs and agents reach us, and an agent's settings as most clients read them."""

    api: str
    mcp: str
    settings: str


def build_addresses(*, secret: str) -> Addresses:
    """Return the addresses; the settings hold the key."""
    mcp = f"{settings.PUBLIC_URL}{reverse('mcp')}"
    server = {"url": mcp, "headers": {"Authorization": f"Bearer {secret}"}}
    text = json.dumps({"mcpServers": {"leadhub": server}}, indent=2, ensure_ascii=False)
    return Addresses(api=f"{settings.PUBLIC_URL}/api/v1/", mcp=mcp, settings=text)


@require_http_methods(["GET", "POST"])
@member_view(permission="keys.edit")
def api_key_list(request: MemberRequest) -> HttpResponse:
    """List keys and make new ones; the secret is on the answer to the POST and nowhere else."""
    form = ApiKeyForm(request.POST or None, initial={"member": str(request.viewer.member.id)})
    created: NewApiKey | None = None
    if request.method == "POST" and form.is_valid():
        created = create_api_key(
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            member=get_member(member_id=UUID(form.cleaned_data["member"])),
            actor=request.viewer.member,
            now=utc_now(),
        )
        form = ApiKeyForm(initial={"member": str(request.viewer.member.id)})
    keys = ApiKey.objects.select_related("member").order_by("revoked_at", "-created_at")
    columns = [Column("Name"), Column("Acts as"), Column("Scopes"), Column("Last used"), Column("", align="end")]
    addresses = build_addresses(secret=created.secret if created else "lh_…")
    context = {"keys": keys, "form": form, "created": created, "columns": columns, "addresses": addresses}
    response = render(request, "desk/members/keys.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member_view(permission="keys.edit")
def api_key_revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End a key."""
    key = get_object_or_404(ApiKey.objects.all(), pk=pk)
    revoke_api_key(key=key, actor=request.viewer.member, now=utc_now())
    messages.success(request, f"{key.name} is revoked.")
    return redirect("api_key_list")
