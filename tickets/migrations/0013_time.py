"""Opening hours, targets, snoozing; codes in messages; views with a name."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables

CODES = r"""
-- A code: letters and digits, perhaps joined by - _ / #, with two digits at least; or a short word in capitals and a
-- number after a space. Kept and looked for without what joins them and in capitals, so that one way of writing finds all.
CREATE FUNCTION tickets_code(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT upper(regexp_replace(value, '[^[:alnum:]]+', '', 'g'))
$$;
CREATE FUNCTION tickets_codes(value text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT code FROM (
        SELECT tickets_code(m[1]) AS code
        FROM regexp_matches(left(value, 20000), '([[:alnum:]]+(?:[-_/#][[:alnum:]]+)*)', 'g') m
        WHERE m[1] ~ '[0-9].*[0-9]'
        UNION ALL
        SELECT tickets_code(m[1])
        FROM regexp_matches(left(value, 20000), '\m([A-Z]{1,5} [0-9]{2,20})\M', 'g') m
    ) found WHERE length(code) BETWEEN 3 AND 40 LIMIT 100
$$;
-- Whatever way a message comes, its codes are kept, and go when its words go. An acknowledgement has only our number.
CREATE FUNCTION tickets_keep_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM tickets_messagecode WHERE organization_id = NEW.organization_id AND message_id = NEW.id;
    END IF;
    IF NEW.kind <> 'ack' THEN
        INSERT INTO tickets_messagecode (organization_id, message_id, code)
        SELECT NEW.organization_id, NEW.id, code FROM tickets_codes(NEW.subject || ' ' || NEW.text) AS code;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER codes AFTER INSERT OR UPDATE OF subject, text ON tickets_message
    FOR EACH ROW EXECUTE FUNCTION tickets_keep_codes();
"""
NO_CODES = """
DROP TRIGGER codes ON tickets_message;
DROP FUNCTION tickets_keep_codes(), tickets_codes(text), tickets_code(text);
"""
#: What messages of before hold, and since when customers of open tickets wait.
FILL = r"""
DO $$
DECLARE
    org uuid;
BEGIN
    FOR org IN SELECT id FROM tenancy_organization LOOP
        PERFORM set_config('app.organization', org::text, true);
        INSERT INTO tickets_messagecode (organization_id, message_id, code)
        SELECT m.organization_id, m.id, code FROM tickets_message m, tickets_codes(m.subject || ' ' || m.text) AS code
        WHERE m.kind <> 'ack';
        UPDATE tickets_ticket t SET waiting_since = (
            SELECT min(m.created_at) FROM tickets_message m
            WHERE m.ticket_id = t.id AND m.kind = 'inbound' AND m.id > COALESCE((
                SELECT max(r.id) FROM tickets_message r WHERE r.ticket_id = t.id AND r.kind = 'reply' AND r.state = 'sent'
            ), 0)
        ) WHERE t.status IN ('new', 'open');
    END LOOP;
    PERFORM set_config('app.organization', '', true);
END $$
"""


def _organization() -> Any:
    return models.ForeignKey(
        db_default=CurrentOrganization(),
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="tenancy.organization",
    )


def _id() -> Any:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _inbox() -> Any:
    return TenantForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="tickets.inbox"
    )


def _moment() -> Any:
    return models.DateTimeField(blank=True, null=True)


class Migration(migrations.Migration):
    """Opening hours, targets, snoozing; codes in messages; views with a name."""

    dependencies: ClassVar = [("tickets", "0012_conversation"), ("people", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AnswerTarget",
            fields=[
                ("id", _id()),
                ("priority", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("first_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("next_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("inbox", _inbox()),
                ("organization", _organization()),
            ],
        ),
        migrations.CreateModel(
            name="ClosedDays",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("stays_open", models.BooleanField(default=False, verbose_name="we are open all the same")),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("inbox", _inbox()),
                ("organization", _organization()),
            ],
        ),
        migrations.CreateModel(
            name="MessageCode",
            fields=[
                ("id", _id()),
                ("code", models.CharField(max_length=40)),
                (
                    "message",
                    TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tickets.message"),
                ),
                ("organization", _organization()),
            ],
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", _id()),
                ("week", models.JSONField(default=list)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("region", models.CharField(blank=True, max_length=10)),
                ("inbox", _inbox()),
                ("organization", _organization()),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("query", models.CharField(max_length=500)),
                ("is_shared", models.BooleanField(default=False, verbose_name="for everybody")),
                (
                    "owner",
                    TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, to="people.membership"),
                ),
                ("organization", _organization()),
            ],
        ),
        migrations.RemoveIndex(model_name="ticket", name="ticket_by_status"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_by_assignee"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_by_inbox"),
        migrations.AddField("ticket", "waiting_since", _moment()),
        migrations.AddField("ticket", "paused_at", _moment()),
        migrations.AddField("ticket", "paused_seconds", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("ticket", "due_at", _moment()),
        migrations.AddField("ticket", "snoozed_until", _moment()),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["organization", "status", "-updated_at", "-id"],
                include=("snoozed_until",),
                name="ticket_by_status",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["organization", "assignee", "status", "-updated_at"],
                include=("snoozed_until",),
                name="ticket_by_assignee",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["organization", "inbox", "status", "-updated_at"],
                include=("snoozed_until",),
                name="ticket_by_inbox",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["organization", "status", "due_at", "id"],
                name="ticket_by_due",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["organization", "snoozed_until"],
                name="ticket_by_waking",
            ),
        ),
        migrations.AddConstraint(
            "answertarget",
            models.UniqueConstraint(
                fields=("organization", "inbox", "priority"),
                name="one_target_per_priority",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            "closeddays", models.Index(fields=["organization", "ends_on"], name="closed_days_by_end")
        ),
        migrations.AddConstraint(
            "closeddays",
            models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="closed_days_end_after_start",
            ),
        ),
        migrations.AddIndex(
            "messagecode", models.Index(fields=["organization", "message"], name="code_by_message")
        ),
        migrations.AddConstraint(
            "messagecode",
            models.UniqueConstraint(
                fields=("organization", "code", "message"), name="code_is_unique_per_message"
            ),
        ),
        migrations.AddConstraint(
            "openinghours",
            models.UniqueConstraint(
                fields=("organization", "inbox"), name="one_week_per_inbox", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(fields=("organization", "owner", "name"), name="view_name_is_unique"),
        ),
        IsolateTables(["AnswerTarget", "ClosedDays", "MessageCode", "OpeningHours", "SavedView"]),
        migrations.RunSQL(CODES, NO_CODES),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
