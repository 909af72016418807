"""The walls: row-level security on each table, a small database role, guards that are on, a list for going out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from governance.security.found import Finding

_UNWALLED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'
        AND NOT a.attisdropped)
    AND c.relname <> 'tenancy_domain'
    AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR NOT EXISTS (
        SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
            AND p.qual LIKE '%%app.organization%%' AND p.with_check LIKE '%%app.organization%%')
        OR EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
            AND p.qual NOT LIKE '%%app.organization%%' AND NOT 'helpdesk_search' = ANY (p.roles)))
ORDER BY 1
"""
_TABLES = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'tenancy_domain'
"""
_ROLE = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
_OFF = """
SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') ORDER BY 1
"""
#: Without these nothing that the product promises holds.
GUARDS = (
    "tickets_message.guard",
    "tickets_approval.guard",
    "governance_ledgerentry.append_only",
    "governance_ledgerentry.chain",
    "governance_consent.append_only",
    "governance_ethicspolicy.frozen",
    "governance_aidecision.frozen",
)
_THERE = """
SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relname || '.' || t.tgname = ANY (%s)
"""
_TELL = "Tell whoever runs this installation at once."


def every_table_is_walled() -> Finding:
    """Row-level security is enabled, forced, and by the organization, on each table that has one."""
    bad, every = _names(_UNWALLED), _rows(_TABLES)[0][0]
    if bad:
        said = _("Not walled off between organizations: %(tables)s.") % {"tables": ", ".join(bad)}
        return Finding(ok=False, said=said, next_step=_(_TELL), wall=True)
    return Finding(
        ok=True,
        said=_("The database keeps organizations apart in all %(n)s tables.") % {"n": every},
        wall=True,
    )


def the_role_is_small() -> Finding:
    """The role that pages and workers use can lift none of the walls."""
    if any(_rows(_ROLE)[0]):
        said = _("The product talks to the database as a role that may do too much.")
        return Finding(ok=False, said=said, next_step=_(_TELL), wall=True)
    return Finding(ok=True, said=_("The product's own role cannot lift the walls."), wall=True)


def guards_are_on() -> Finding:
    """The triggers that hold the promises are there and on."""
    off = sorted({*_names(_OFF), *(set(GUARDS) - set(_names(_THERE, [list(GUARDS)])))})
    if off:
        said = _("Guards that are off or missing: %(names)s.") % {"names": ", ".join(off)}
        return Finding(ok=False, said=said, next_step=_(_TELL), wall=True)
    return Finding(ok=True, said=_("Each guard in the database is on."), wall=True)


def outward_is_listed() -> Finding:
    """Requests to the outside go to named hosts only, and into no private network."""
    hosts = [one.strip() for one in settings.AI_ALLOWED_HOSTS if one.strip()]
    if any("*" in one for one in hosts):
        said = _("AI services may be at any address.")
        return Finding(ok=False, said=said, next_step=_("Name the hosts in HELPDESK_AI_ALLOWED_HOSTS."))
    if settings.OUTWARD_OPEN_NETWORKS:
        said = _("Private networks are open to addresses that people type.")
        return Finding(
            ok=False, said=said, next_step=_("Empty HELPDESK_OUTWARD_OPEN_NETWORKS unless it is meant.")
        )
    return Finding(ok=True, said=_("AI services may be at %(n)s named hosts only.") % {"n": len(hosts)})


def _rows(sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%%", "%") if values is None else sql, values)
        return cursor.fetchall()


def _names(sql: str, values: Any = None) -> list[str]:
    return [str(row[0]) for row in _rows(sql, values)]
