#!/bin/bash
# Makes LeadHub's two roles and its database in a new PostgreSQL; run once, by a superuser.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
     --set owner_password="$LEADHUB_OWNER_PASSWORD" --set app_password="$LEADHUB_APP_PASSWORD" <<'SQL'
CREATE ROLE leadhub_owner LOGIN CREATEDB BYPASSRLS PASSWORD :'owner_password';
CREATE ROLE leadhub_app LOGIN PASSWORD :'app_password';
-- The owner may end the app's sessions, to restore a backup.
GRANT leadhub_app TO leadhub_owner;
CREATE DATABASE leadhub OWNER leadhub_owner ENCODING 'UTF8' TEMPLATE template0;
SQL
