"""Row-level security for the people room, and for Django's admin log."""

from __future__ import annotations

from django.db import migrations

from helpdesk.tenancy.operations import POLICY, POLICY_NAME, IsolateTables

ADMIN_LOG = f"""
ALTER TABLE django_admin_log ADD COLUMN organization_id uuid NOT NULL
    DEFAULT NULLIF(current_setting('app.organization', true), '')::uuid
    REFERENCES tenancy_organization (id) ON DELETE CASCADE;
ALTER TABLE django_admin_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE django_admin_log FORCE ROW LEVEL SECURITY;
CREATE POLICY {POLICY_NAME} ON django_admin_log USING ({POLICY}) WITH CHECK ({POLICY});
CREATE INDEX admin_log_by_organization ON django_admin_log (organization_id, action_time);
"""

#: guardian's generic tables know no organization: nothing may be granted through them.
NO_GENERIC_GRANTS = """
CREATE FUNCTION people_no_generic_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Grants belong to an inbox of one organization: use helpdesk.people.permissions.';
END $$;
CREATE TRIGGER no_generic_grants BEFORE INSERT OR UPDATE ON guardian_userobjectpermission
    FOR EACH ROW EXECUTE FUNCTION people_no_generic_grants();
CREATE TRIGGER no_generic_grants BEFORE INSERT OR UPDATE ON guardian_groupobjectpermission
    FOR EACH ROW EXECUTE FUNCTION people_no_generic_grants();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]

    operations = [
        IsolateTables(
            ["Customer", "CustomerAddress", "CustomerLink", "Membership", "Invitation", "ApiToken"]
        ),
        migrations.RunSQL(ADMIN_LOG, "ALTER TABLE django_admin_log DROP COLUMN organization_id CASCADE"),
        migrations.RunSQL(NO_GENERIC_GRANTS, "DROP FUNCTION people_no_generic_grants CASCADE"),
    ]
