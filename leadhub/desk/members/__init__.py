"""The pages where an admin lets people and programs in: members, invitations, API keys, audit log."""
