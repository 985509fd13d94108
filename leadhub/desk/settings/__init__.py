"""The settings area of admins: the hub, the organization, the audit log, a dry run of the line."""
