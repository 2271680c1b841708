#!/usr/bin/env bash
# Makes the site of docker-compose.yml once, installs ERPNext and Steward, and writes what the bridge
# needs to /etc/steward/.env. Running it again changes nothing that is there.
set -euo pipefail
cd /home/frappe/frappe-bench

ls -1 apps >sites/apps.txt
[[ -e sites/common_site_config.json ]] || echo '{}' >sites/common_site_config.json
bench set-config -g db_host mariadb
bench set-config -gp db_port 3306
bench set-config -g redis_cache redis://redis-cache:6379
bench set-config -g redis_queue redis://redis-queue:6379
bench set-config -g redis_socketio redis://redis-queue:6379
bench set-config -gp socketio_port 9000

if [[ ! -e "sites/$SITE/site_config.json" ]]; then
  bench new-site "$SITE" --mariadb-user-host-login-scope='%' --set-default \
    --db-root-username root --db-root-password "$MARIADB_ROOT_PASSWORD" \
    --admin-password "$ADMIN_PASSWORD" --install-app erpnext
  bench --site "$SITE" set-config host_name "$SITE_URL"
  bench --site "$SITE" enable-scheduler
fi

env/bin/python /opt/steward/scripts/install-app \
  --bench "$PWD" --site "$SITE" --site-url "$SITE_URL" \
  --bridge-url "$BRIDGE_URL" --env-file /etc/steward/.env
