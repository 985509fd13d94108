"""The permission matrix: what each role may do. `docs/permissions.md` shows it; a test walks it over every URL."""

from leadhub.accounts.models import Role

EVERYONE = frozenset({Role.ADMIN, Role.MANAGER, Role.MARKETER, Role.REP})
ADMIN, MANAGER, MARKETER, REP = Role.ADMIN, Role.MANAGER, Role.MARKETER, Role.REP

MATRIX: dict[str, frozenset[Role]] = {
    "home.view": EVERYONE,
    "leads.view": EVERYONE,
    "leads.work": frozenset({ADMIN, MANAGER, REP}),  # log, qualify, dispose, convert; reps: their own leads
    "leads.work_any": frozenset({ADMIN, MANAGER}),
    "leads.judge": frozenset({ADMIN, MANAGER, MARKETER}),  # verdict, value, service of any inquiry
    "leads.create": EVERYONE,
    "team.view": frozenset({ADMIN, MANAGER}),
    "team.reassign": frozenset({ADMIN, MANAGER}),
    "reports.view": EVERYONE,
    "scoring.view": EVERYONE,
    "scoring.edit": frozenset({ADMIN}),
    "routing.view": EVERYONE,
    "routing.edit": frozenset({ADMIN}),
    "forms.view": frozenset({ADMIN, MARKETER}),
    "forms.edit": frozenset({ADMIN, MARKETER}),
    "intake.view": frozenset({ADMIN, MARKETER}),
    "intake.release": frozenset({ADMIN, MARKETER}),
    "jobs.view": frozenset({ADMIN}),
    "jobs.retry": frozenset({ADMIN}),
    "members.view": frozenset({ADMIN, MANAGER}),
    "members.edit": frozenset({ADMIN}),
    "keys.edit": frozenset({ADMIN}),
    "settings.edit": frozenset({ADMIN}),
    "account.own": EVERYONE,
}


def may(role: str, permission: str) -> bool:
    """Say whether the role has the permission; an unknown permission is a KeyError, never a yes."""
    return role in MATRIX[permission]
