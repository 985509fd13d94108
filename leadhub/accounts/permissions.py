"""The permission matrix: what each role may do. `docs/permissions.md` shows it; a test walks it over every URL."""

from leadhub.accounts.models import Role

EVERYONE = frozenset({Role.ADMIN, Role.MANAGER, Role.MARKETER, Role.REP})
ADMIN, MANAGER, MARKETER, REP = Role.ADMIN, Role.MANAGER, Role.MARKETER, Role.REP

MATRIX: dict[str, frozenset[Role]] = {
    "home.view": EVERYONE,
    "leads.view": EVERYONE,
    "leads.work": frozenset({ADMIN, MANAGER, REP}),
    "leads.work_any": frozenset({ADMIN, MANAGER}),
    "leads.judge": frozenset({ADMIN, MANAGER, MARKETER}),
    "leads.create": EVERYONE,
    "people.merge": frozenset({ADMIN, MANAGER, MARKETER}),
    "team.view": frozenset({ADMIN, MANAGER}),
    "team.reassign": frozenset({ADMIN, MANAGER}),
    "reports.view": EVERYONE,
    "spend.edit": frozenset({ADMIN, MARKETER}),
    "targets.edit": frozenset({ADMIN, MARKETER}),
    "scoring.view": EVERYONE,
    "scoring.edit": frozenset({ADMIN}),
    "routing.view": EVERYONE,
    "routing.edit": frozenset({ADMIN}),
    "forms.view": frozenset({ADMIN, MARKETER}),
    "forms.edit": frozenset({ADMIN, MARKETER}),
    "intake.view": frozenset({ADMIN, MARKETER}),
    "intake.release": frozenset({ADMIN, MARKETER}),
    "mail.receive": frozenset({ADMIN, MARKETER}),
    "imports.edit": frozenset({ADMIN, MARKETER}),
    "jobs.view": frozenset({ADMIN}),
    "jobs.retry": frozenset({ADMIN}),
    "nurture.view": EVERYONE,
    "nurture.edit": frozenset({ADMIN, MARKETER}),
    "nurture.enroll": EVERYONE,
    "templates.edit": frozenset({ADMIN, MANAGER, MARKETER}),
    "suppression.view": frozenset({ADMIN, MANAGER, MARKETER}),
    "suppression.edit": frozenset({ADMIN, MARKETER}),
    "inbox.view": frozenset({ADMIN}),
    "members.view": frozenset({ADMIN, MANAGER}),
    "members.edit": frozenset({ADMIN}),
    "keys.edit": frozenset({ADMIN}),
    "settings.edit": frozenset({ADMIN}),
    "account.own": EVERYONE,
}

MEANINGS: dict[str, str] = {
    "home.view": "See the home page",
    "leads.view": "See every lead, person and company of the organization",
    "leads.work": "Log, qualify, dispose, convert and win: one's own leads",
    "leads.work_any": "Do the same to anybody's leads",
    "leads.judge": "Set verdict, value and service of any inquiry (the owner of a lead may judge that lead without it)",
    "leads.create": "Enter a lead by hand or over the API",
    "people.merge": "Join two records of one human, and part them again",
    "team.view": "See who is late, untouched, cooling, and each rep's load",
    "team.reassign": "Give leads to somebody else, send a colleague away and bring them back",
    "reports.view": "See the reports",
    "spend.edit": "Enter, upload, change and delete ad spend",
    "targets.edit": "Set what the numbers should reach",
    "scoring.view": "See the score model and what a draft would change",
    "scoring.edit": "Draft, publish and roll back score models",
    "routing.view": "See rules, pools, hours and promises",
    "routing.edit": "Change rules, pools, hours and promises",
    "forms.view": "See the forms and their keys",
    "forms.edit": "Create and change forms and their acknowledgement mails",
    "intake.view": "See the intake ledger and what arrived, as it came",
    "intake.release": "Release a submission from quarantine",
    "mail.receive": "Hand in mail that people sent (API)",
    "imports.edit": "Import leads from files, see what became of each row, undo an import",
    "jobs.view": "See dead letters and deliveries in doubt",
    "jobs.retry": "Try dead letters again, settle deliveries in doubt",
    "nurture.view": "See sequences, who is in them and their numbers",
    "nurture.edit": "Write, turn on and pause sequences, change the rules of sending",
    "nurture.enroll": "Put leads into a sequence and take them out (a rep: one's own leads)",
    "templates.edit": "Write, change and remove templates of personal mails (everybody sees and uses them)",
    "suppression.view": "See which addresses are never mailed",
    "suppression.edit": "Add to the suppression list and take addresses off it",
    "inbox.view": "See the mail that an installation without a mail server kept",
    "members.view": "See members and open invitations",
    "members.edit": "Invite, change roles and duties, end access",
    "keys.edit": "Create and revoke API keys",
    "settings.edit": "See the audit log, change the organization",
    "account.own": "See one's own alerts",
}


def may(role: str, permission: str) -> bool:
    """Say whether the role has the permission; an unknown permission is a KeyError, never a yes."""
    return role in MATRIX[permission]
