-- The roles of one PostgreSQL cluster. Run by a superuser, any number of times, with psql variables
-- owner_password, app_password, backup_password. The embedded launcher fills them in as literals.
--
-- helpdesk_owner   owns the schema, runs migrations; row-level security is forced on it too
-- helpdesk_app     web and workers: reads and writes rows, nothing else
-- helpdesk_search  owns the one SECURITY DEFINER search function; nobody signs in as it
-- helpdesk_backup  reads everything, for pg_dump; its password stays out of the application's secrets
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['helpdesk_owner', 'helpdesk_app', 'helpdesk_search', 'helpdesk_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;
END
$$;

-- NOINHERIT: the owner may become helpdesk_search in a migration, but does not read through its policy.
ALTER ROLE helpdesk_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB NOINHERIT PASSWORD :'owner_password';
ALTER ROLE helpdesk_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
ALTER ROLE helpdesk_search NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE helpdesk_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'backup_password';

GRANT helpdesk_search TO helpdesk_owner;
GRANT pg_read_all_data TO helpdesk_backup;
ALTER ROLE helpdesk_backup SET default_transaction_read_only = on;

-- A page or a task that takes longer than this is a fault; a lost client must not hold locks.
ALTER ROLE helpdesk_app SET statement_timeout = '30s';
ALTER ROLE helpdesk_app SET idle_in_transaction_session_timeout = '60s';
