"""What an agent can do in a conversation: BCC, forwarding, merging, splitting, drafts that are shared, blocked senders."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables, TieForeignKey

#: As in 0003_guards, 0006_once and 0009_approval_fits, with what the marks add; `WAS` is what they said before.
FUNCTIONS = r"""
-- Parts that are empty add nothing, so that hashes of before stay what they are; the letter before a length tells
-- them from an attachment. `tickets.content.content_hash` computes the same.
CREATE OR REPLACE FUNCTION tickets_content_hash(m tickets_message) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(
        tickets_part(m.content_salt) || tickets_part(m.subject) || tickets_part(m.text) || tickets_part(m.html)
        || tickets_part(m.recipients_to) || tickets_part(m.recipients_cc){hash}
        || COALESCE((
            SELECT string_agg(tickets_part(a.name) || tickets_part(a.sha256), '' ORDER BY a.id)
            FROM tickets_attachment a WHERE a.organization_id = m.organization_id AND a.message_id = m.id
        ), ''), 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION tickets_message_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    leaving boolean := NEW.state IN ('queued', 'sending', 'sent');
    revision bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.kind <> OLD.kind OR (NEW.ticket_id <> OLD.ticket_id{stays}) THEN
            RAISE EXCEPTION 'Message % keeps its kind and its ticket.', OLD.id;
        END IF;
        IF OLD.ai_involvement <> 'none' AND NEW.ai_involvement = 'none' THEN
            RAISE EXCEPTION 'Message %: the AI had a hand in it, and that is never taken back.', OLD.id;
        END IF;
        IF OLD.state = 'sent' AND NEW.state <> 'sent' THEN
            RAISE EXCEPTION 'Message % was sent, and that is never taken back.', OLD.id;
        END IF;
        IF OLD.state NOT IN ('prepared') AND OLD.kind <> 'note'
            AND (NEW.subject, NEW.text, NEW.html, NEW.recipients_to, NEW.recipients_cc, NEW.content_salt{new})
                IS DISTINCT FROM (OLD.subject, OLD.text, OLD.html, OLD.recipients_to, OLD.recipients_cc, OLD.content_salt{old})
            AND NOT (NEW.subject = '' AND NEW.text = '' AND NEW.html = '' AND NEW.recipients_to = ''
                AND NEW.recipients_cc = '' AND NEW.content_salt = ''{blank})
        THEN
            RAISE EXCEPTION 'Message % is frozen: it can be erased as a whole, never changed.', OLD.id;
        END IF;
    END IF;
    IF NEW.kind NOT IN ('reply', 'ack'{forward}) OR NOT leaving OR (TG_OP = 'UPDATE' AND NEW.state = OLD.state) THEN
        RETURN NEW;
    END IF;
    IF NEW.ai_involvement = 'none' THEN
        IF EXISTS (
            SELECT FROM tickets_aitext t WHERE t.organization_id = NEW.organization_id AND t.ticket_id {family}
                AND t.text_hash = tickets_text_hash(NEW.text)
        ) THEN
            RAISE EXCEPTION 'Message % is a text of the AI and says that it is not.', NEW.id;
        END IF;
        RETURN NEW;
    END IF;
    SELECT a.ticket_revision INTO revision FROM tickets_approval a
        WHERE a.organization_id = NEW.organization_id AND a.message_id = NEW.id AND a.revoked_at IS NULL
            AND a.content_hash = tickets_content_hash(NEW)
        ORDER BY a.id DESC LIMIT 1;
    IF revision IS NULL THEN
        RAISE EXCEPTION 'Message % has no approval by a person for exactly this content.', NEW.id;
    END IF;
    IF NEW.state = 'sending' AND revision <> (
        SELECT customer_messages FROM tickets_ticket t WHERE t.organization_id = NEW.organization_id AND t.id = NEW.ticket_id
    ) THEN
        RAISE EXCEPTION 'Message %: the customer wrote again after the approval.', NEW.id;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION tickets_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    m tickets_message;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'An approval is a record: it can be revoked, never removed.';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
            AND to_jsonb(NEW) - 'revoked_at' = to_jsonb(OLD) - 'revoked_at' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'An approval is a record: it can only be revoked, once.';
    END IF;
    SELECT * INTO m FROM tickets_message WHERE organization_id = NEW.organization_id AND id = NEW.message_id;
    IF m.kind IS NULL OR m.kind NOT IN ('reply'{forward}) OR m.state IS DISTINCT FROM 'prepared' THEN
        RAISE EXCEPTION 'Only a reply that is being prepared can be approved.';
    END IF;
    IF NEW.content_hash IS DISTINCT FROM tickets_content_hash(m) THEN
        RAISE EXCEPTION 'The approval is for another content than the message has.';
    END IF;
    IF NOT EXISTS (
        SELECT FROM people_membership p WHERE p.organization_id = NEW.organization_id AND p.id = NEW.approver_id
            AND p.is_active AND p.role <> 'auditor'
    ) THEN
        RAISE EXCEPTION 'An approval needs an active member who may answer customers.';
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_aidecision d WHERE d.organization_id = NEW.organization_id AND d.id = NEW.decision_id
            AND d.allowed AND d.kind = 'real' AND d.action = 'approve'
            AND d.subject_kind = 'ticket' AND d.subject_id = m.ticket_id AND d.actor_id = NEW.approver_id
    ) THEN
        RAISE EXCEPTION 'An approval needs a decision that allowed it, about this ticket, asked for by the approver, and never one of the practice inbox.';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION tickets_attachment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.message_id] WHEN 'DELETE' THEN ARRAY[OLD.message_id]
        ELSE ARRAY[NEW.message_id, OLD.message_id] END;
BEGIN
    IF EXISTS (
        SELECT FROM tickets_message m WHERE m.id = ANY (touched) AND m.kind IN ('reply'{forward})
            AND m.state <> 'prepared' AND m.content_salt <> ''
    ) THEN
        RAISE EXCEPTION 'The attachments of a message that is on its way are frozen.';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION tickets_message_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state OR OLD.kind NOT IN ('reply', 'ack'{forward}) OR OLD.state = 'prepared'
        OR (OLD.state = 'queued' AND NEW.state IN ('sending', 'held', 'failed', 'cancelled'))
        OR (OLD.state = 'sending' AND NEW.state IN ('sent', 'queued', 'held', 'failed'))
        OR (OLD.state = 'held' AND NEW.state IN ('sent', 'cancelled'))
        OR (OLD.state = 'failed' AND NEW.state = 'cancelled')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Message % is % and cannot become %: write a new one.', OLD.id, OLD.state, NEW.state;
END $$;
"""
IS = {
    "{hash}": """
        || CASE WHEN m.recipients_bcc = '' THEN '' ELSE 'b' || tickets_part(m.recipients_bcc) END
        || CASE WHEN m.quoted = '' THEN '' ELSE 'q' || tickets_part(m.quoted) END""",
    # What came in may be put where it belongs; what we wrote stays where it was written and approved.
    "{stays}": " AND OLD.kind NOT IN ('inbound', 'note', 'outside')",
    "{new}": ", NEW.recipients_bcc, NEW.quoted",
    "{old}": ", OLD.recipients_bcc, OLD.quoted",
    "{blank}": " AND NEW.recipients_bcc = '' AND NEW.quoted = ''",
    "{forward}": ", 'forward'",
    "{family}": "IN (SELECT tickets_family(NEW.organization_id, NEW.ticket_id))",
}
WAS = {
    "{hash}": "",
    "{stays}": "",
    "{new}": "",
    "{old}": "",
    "{blank}": "",
    "{forward}": "",
    "{family}": "= NEW.ticket_id",
}
#: A text that the AI showed on a ticket is known as the AI's on every ticket where it can be read: where the ticket
#: lives on, and where a part of it was taken to.
FAMILY = r"""
CREATE FUNCTION tickets_family(org uuid, ticket bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE family(id) AS (
        SELECT ticket
        UNION
        SELECT near.id FROM family f CROSS JOIN LATERAL (
            SELECT t.id FROM tickets_ticket t WHERE t.organization_id = org AND t.merged_into_id = f.id
            UNION ALL
            SELECT t.split_from_id FROM tickets_ticket t
                WHERE t.organization_id = org AND t.id = f.id AND t.split_from_id IS NOT NULL
        ) near
    )
    SELECT id FROM family
$$;
"""


def filled_in(marks: dict[str, str]) -> str:
    """The functions with these marks."""
    text = FUNCTIONS
    for mark, words in marks.items():
        text = text.replace(mark, words)
    return text


KINDS = [
    ("inbound", "From the customer"),
    ("reply", "Reply"),
    ("note", "Note for the team"),
    ("ack", "Acknowledgement"),
    ("forward", "Forwarded"),
    ("outside", "From outside"),
]


def _key(to: str) -> helpdesk.tenancy.models.TenantForeignKey:
    return helpdesk.tenancy.models.TenantForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    """What an agent can do in a conversation."""

    dependencies: ClassVar = [("tickets", "0011_knowledge"), ("people", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BlockedSender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=320)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "blocked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=helpdesk.tenancy.models.CurrentOrganization(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "address"), name="sender_is_blocked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address", django.db.models.functions.text.Lower("address"))),
                        name="blocked_address_is_lower_case",
                    ),
                ],
            },
        ),
        IsolateTables(["BlockedSender"]),
        migrations.RemoveConstraint(model_name="message", name="only_replies_and_acks_are_sent"),
        migrations.AddField(
            "composerdraft", "bcc", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField(
            "composerdraft", "set_aside", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField("composerdraft", "taken_by", _key("people.membership")),
        TieForeignKey("composerdraft", "taken_by"),
        migrations.AddField(
            "message", "quoted_html", models.TextField(blank=True, default="", db_default="")
        ),
        migrations.AddField(
            "message", "recipients_bcc", models.TextField(blank=True, default="", db_default="")
        ),
        migrations.AddField("ticket", "merged_into", _key("tickets.ticket")),
        TieForeignKey("ticket", "merged_into"),
        migrations.AddField("ticket", "split_from", _key("tickets.ticket")),
        TieForeignKey("ticket", "split_from"),
        migrations.AddField("rawmail", "blocked", _key("tickets.blockedsender")),
        TieForeignKey("rawmail", "blocked"),
        migrations.AlterField(
            "composerdraft", "kind", models.CharField(choices=KINDS, default="reply", max_length=8)
        ),
        migrations.AlterField("message", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.AlterField(
            "rawmail",
            "outcome",
            models.CharField(
                choices=[
                    ("stored", "Stored, not yet read"),
                    ("created", "New ticket"),
                    ("appended", "Added to a ticket"),
                    ("auto_reply", "Automatic answer"),
                    ("bounce", "Could not be delivered"),
                    ("loop", "Our own mail came back"),
                    ("quarantined", "Kept aside"),
                    ("blocked", "Kept aside: sender blocked"),
                ],
                default="stored",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            "ticket",
            "status",
            models.CharField(
                choices=[
                    ("new", "New"),
                    ("open", "Open"),
                    ("pending", "Waiting for customer"),
                    ("solved", "Solved"),
                    ("closed", "Closed"),
                    ("spam", "Spam"),
                    ("merged", "Merged"),
                ],
                default="new",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["organization", "merged_into"],
                name="ticket_by_merged_into",
            ),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["inbound", "note", "outside"]), _negated=True),
                    ("state", "done"),
                    _connector="OR",
                ),
                name="only_replies_and_acks_are_sent",
            ),
        ),
        migrations.RunSQL(FAMILY, "DROP FUNCTION tickets_family"),
        migrations.RunSQL(filled_in(IS), filled_in(WAS)),
    ]
