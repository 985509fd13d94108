from django.db import migrations

FORWARD = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO leadhub_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO leadhub_app;
GRANT USAGE ON SCHEMA public TO leadhub_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO leadhub_app;
"""
BACKWARD = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM leadhub_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM leadhub_app;
"""


class Migration(migrations.Migration):
    """Let the app's role use what the owner's migrations create; never TRUNCATE, never own."""

    initial = True
    run_before = [
        ("contenttypes", "0001_initial"),
        ("sessions", "0001_initial"),
        ("account", "0001_initial"),
        ("mfa", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
