from django.db import migrations

# PostgreSQL 17 and later can grant it; before, the server's own autovacuum has to come by.
FORWARD = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT MAINTAIN ON TABLES TO leadhub_app';
    EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO leadhub_app';
  END IF;
END $$;
"""
BACKWARD = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE MAINTAIN ON TABLES FROM leadhub_app';
    EXECUTE 'REVOKE MAINTAIN ON ALL TABLES IN SCHEMA public FROM leadhub_app';
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    """Let the app's role count the rows again after it wrote many (ANALYZE), so that plans fit them."""

    dependencies = [("tenancy", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
