"""When a desk that is being closed is deleted: not before 14 days have passed, by the database's own clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

#: An hour less than 14 days, for clocks that differ. Whoever writes the column, nothing is over sooner.
FORWARD = r"""
CREATE FUNCTION tenancy_grace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.closes_at IS NOT NULL AND NEW.closes_at < now() + interval '335 hours'
        AND (TG_OP = 'INSERT' OR OLD.closes_at IS NULL OR NEW.closes_at < OLD.closes_at) THEN
        RAISE EXCEPTION 'A desk is closed 14 days after it was asked for, not sooner.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grace BEFORE INSERT OR UPDATE OF closes_at ON tenancy_organization
    FOR EACH ROW EXECUTE FUNCTION tenancy_grace();
-- Asked by the guards of what only grows: they let go of an organization whose time is over, and of no other.
CREATE FUNCTION tenancy_is_over(org uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM tenancy_organization WHERE id = org AND closes_at < now())
$$;
"""
BACKWARD = """
DROP FUNCTION tenancy_grace CASCADE;
DROP FUNCTION tenancy_is_over;
"""


class Migration(migrations.Migration):
    """When a desk that is being closed is deleted."""

    dependencies: ClassVar = [("tenancy", "0002_setup")]

    operations: ClassVar = [
        migrations.AddField(
            "organization", "closes_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
