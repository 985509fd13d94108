"""Users, memberships, invitations, API keys and the audit log."""

from leadhub.accounts.models.apikey import ApiKey
from leadhub.accounts.models.audit import AuditEntry
from leadhub.accounts.models.invitation import Invitation
from leadhub.accounts.models.membership import Membership, Role
from leadhub.accounts.models.user import User

__all__ = ["ApiKey", "AuditEntry", "Invitation", "Membership", "Role", "User"]
