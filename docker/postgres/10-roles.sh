#!/bin/sh
# Runs once, as the superuser, when the volume is empty: the same roles as in `make run`.
set -eu

psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --no-psqlrc \
    --set=owner_password="$HELPDESK_OWNER_PASSWORD" \
    --set=app_password="$HELPDESK_APP_PASSWORD" \
    --set=backup_password="$HELPDESK_BACKUP_PASSWORD" \
    --file=/helpdesk/roles.sql \
    --file=/helpdesk/database.sql \
    --command="ALTER DATABASE \"$POSTGRES_DB\" OWNER TO helpdesk_owner"
