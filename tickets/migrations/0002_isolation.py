"""Row-level security for the tickets room."""

from __future__ import annotations

from django.db import migrations

from helpdesk.tenancy.operations import IsolateTables


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("governance", "0003_guards")]

    operations = [
        IsolateTables(
            [
                "Inbox",
                "InboxUserObjectPermission",
                "RawMail",
                "TicketCounter",
                "Ticket",
                "Tag",
                "TicketTag",
                "TicketEvent",
                "Message",
                "MessageReference",
                "Attachment",
                "ComposerDraft",
                "Approval",
                "AIText",
                "MessageOutcome",
                "CannedReply",
                "Article",
            ]
        )
    ]
