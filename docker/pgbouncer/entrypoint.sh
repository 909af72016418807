#!/bin/sh
# Only the app role comes through here; migrations go straight to PostgreSQL.
set -eu
umask 077
escaped=$(printf '%s' "$HELPDESK_APP_PASSWORD" | sed 's/"/""/g')
printf '"helpdesk_app" "%s"\n' "$escaped" > /tmp/userlist.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
