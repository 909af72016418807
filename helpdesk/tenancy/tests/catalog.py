"""The sweep over PostgreSQL's catalog: what isolation promises, checked on every table, view, function and key."""

from __future__ import annotations

from typing import Any

from django.db import connection

#: Tables without an organization, each with its reason.
GLOBAL_TABLES = {
    "tenancy_organization": "the host names it before a scope is open",
    "tenancy_domain": "the host names it before a scope is open",
    "people_user": "one person may work for two organizations",
    "people_user_groups": "Django's; nothing is granted through it",
    "people_user_user_permissions": "Django's; nothing is granted through it",
    "auth_group": "Django's; nothing is granted through it",
    "auth_group_permissions": "Django's; nothing is granted through it",
    "auth_permission": "names of permissions, no data",
    "django_content_type": "names of models, no data",
    "django_migrations": "names of migrations, no data",
    "django_session": "a random key; membership is asked at each request",
    "account_emailaddress": "addresses of users, reached through the signed-in user only",
    "account_emailconfirmation": "allauth's, unused",
    "mfa_authenticator": "second factors of users, secrets encrypted",
    "usersessions_usersession": "sessions of users, shown to themselves only",
    "guardian_userobjectpermission": "refuses every row (trigger)",
    "guardian_groupobjectpermission": "refuses every row (trigger)",
}
POLICY = "(organization_id = (NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid)"
#: The one further policy is for search (ADR 0004). SECURITY DEFINER: search, and the deletion of an organization whose
#: time is over, which looks at the organization in force only (ADR 0074).
ALLOWED_POLICIES = {
    ("tickets_message", "search_by_organization"): ("PERMISSIVE", "SELECT", "true", None, "{helpdesk_search}")
}
ALLOWED_DEFINERS = {("tickets_search", "helpdesk_search"), ("tenancy_forget", "helpdesk_owner")}

_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND a.attnotnull)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""
_POLICIES = """
SELECT tablename, policyname, permissive, cmd, qual, with_check, roles::text FROM pg_policies WHERE schemaname = 'public'
"""
_VIEWS = """
SELECT c.relname, c.relkind, COALESCE('security_invoker=true' = ANY (c.reloptions), false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
"""
_DEFINERS = """
SELECT p.proname, pg_get_userbyid(p.proowner) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prosecdef
"""
_KEYS = """
SELECT con.conrelid::regclass::text, con.confrelid::regclass::text, cardinality(con.conkey), con.condeferrable,
    ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = con.conrelid AND attnum = ANY (con.conkey)),
    con.conname
FROM pg_constraint con JOIN pg_namespace n ON n.oid = con.connamespace
WHERE con.contype = 'f' AND n.nspname = 'public'
"""


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def problems() -> list[str]:
    """Everything in the catalog that would let a row cross, one sentence each. Empty when all is well."""
    return [
        *_table_problems(),
        *_policy_problems(),
        *_view_problems(),
        *_definer_problems(),
        *_key_problems(),
    ]


def tenant_tables() -> set[str]:
    """Every table of the schema that is not global."""
    return {name for name, *_ in _rows(_TABLES)} - GLOBAL_TABLES.keys()


def _table_problems() -> list[str]:
    found = []
    for name, enabled, forced, has_column in _rows(_TABLES):
        if name in GLOBAL_TABLES:
            continue
        if not (enabled and forced):
            found.append(f"{name}: row-level security is not enabled and forced")
        if not has_column:
            found.append(f"{name}: no organization_id NOT NULL")
    return found


def _policy_problems() -> list[str]:
    found, covered = [], set()
    for table, name, *rest in _rows(_POLICIES):
        if ALLOWED_POLICIES.get((table, name)) == tuple(rest):
            continue
        if tuple(rest) != ("PERMISSIVE", "ALL", POLICY, POLICY, "{public}") or table in covered:
            found.append(f"{table}: policy {name} is not the one policy")
        covered.add(table)
    return found + [f"{table}: no policy" for table in sorted(tenant_tables() - covered)]


def _view_problems() -> list[str]:
    return [
        f"{name}: a view that runs as its owner"
        for name, kind, invoker in _rows(_VIEWS)
        if kind == "m" or not invoker
    ]


def _definer_problems() -> list[str]:
    found = _rows(_DEFINERS)
    return [
        f"{name}: a SECURITY DEFINER function"
        for name, owner in found
        if (name, owner) not in ALLOWED_DEFINERS
    ]


def _key_problems() -> list[str]:
    """A key between tenant-owned tables spans both columns and is checked at once; and every such link has one."""
    tenant, found = tenant_tables(), []
    for child, parent, width, deferrable, columns, name in _rows(_KEYS):
        if parent in tenant and (width != 2 or "organization_id" not in columns or deferrable):
            found.append(f"{child}: foreign key {name} does not hold the organization")
    return found + _untied_links(tenant)


def _untied_links(tenant: set[str]) -> list[str]:
    from django.apps import apps

    tied = {
        (child, column)
        for child, _p, width, _d, columns, _n in _rows(_KEYS)
        if width == 2
        for column in columns
    }
    return [
        f"{model._meta.db_table}: {field.column} has no composite foreign key"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model is not None
        and field.related_model._meta.db_table in tenant
        and (model._meta.db_table, field.column) not in tied
    ]
