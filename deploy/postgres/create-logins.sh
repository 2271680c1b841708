#!/usr/bin/env bash
# Runs once, in an empty PostgreSQL: a login that owns and migrates the database, and the login the
# bridge works with, which owns none of its tables and is no superuser.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U postgres \
  -v owner_password="$STEWARD_OWNER_PASSWORD" -v app_password="$STEWARD_APP_PASSWORD" <<'SQL'
create role steward_owner login createrole password :'owner_password';
create role steward_app login password :'app_password';
create database steward owner steward_owner;
revoke connect on database steward from public;
-- The job queue keeps its tables in a schema of its own.
grant connect, create on database steward to steward_app;
SQL
