-- What every database of the helpdesk has before the first migration: extensions, and who may do what.
-- Run by a superuser inside the database (the embedded launcher runs it in template1).
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO helpdesk_app, helpdesk_backup;
GRANT USAGE, CREATE ON SCHEMA public TO helpdesk_owner, helpdesk_search;

-- Tables are made by the owner's migrations; the app reads and writes rows and may not TRUNCATE or ALTER.
ALTER DEFAULT PRIVILEGES FOR ROLE helpdesk_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO helpdesk_app;
ALTER DEFAULT PRIVILEGES FOR ROLE helpdesk_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO helpdesk_app;
