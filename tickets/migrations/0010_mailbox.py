"""Mailboxes: where an inbox fetches and sends its mail."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import helpdesk.privacy.crypto
import helpdesk.tenancy.models
import tickets.models.mailbox
from helpdesk.tenancy.operations import IsolateTables


class Migration(migrations.Migration):
    """Mailboxes: where an inbox fetches and sends its mail."""

    dependencies: ClassVar = [
        ("tickets", "0009_approval_fits"),
        ("people", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="rawmail",
            name="is_history",
            field=models.BooleanField(db_default=False),
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("imap_host", models.CharField(max_length=253)),
                ("imap_port", models.PositiveIntegerField(default=993)),
                (
                    "imap_security",
                    models.CharField(
                        choices=[
                            ("tls", "Encrypted from the start (TLS)"),
                            ("starttls", "Encrypted after the greeting (STARTTLS)"),
                            ("none", "Not encrypted"),
                        ],
                        default="tls",
                        max_length=8,
                    ),
                ),
                ("imap_user", models.CharField(max_length=320)),
                ("imap_password", helpdesk.privacy.crypto.EncryptedTextField(blank=True)),
                ("imap_certificate", models.CharField(blank=True, max_length=64)),
                ("smtp_host", models.CharField(max_length=253)),
                ("smtp_port", models.PositiveIntegerField(default=465)),
                (
                    "smtp_security",
                    models.CharField(
                        choices=[
                            ("tls", "Encrypted from the start (TLS)"),
                            ("starttls", "Encrypted after the greeting (STARTTLS)"),
                            ("none", "Not encrypted"),
                        ],
                        default="tls",
                        max_length=8,
                    ),
                ),
                ("smtp_user", models.CharField(max_length=320)),
                ("smtp_password", helpdesk.privacy.crypto.EncryptedTextField(blank=True)),
                ("smtp_certificate", models.CharField(blank=True, max_length=64)),
                ("folder", models.CharField(default="INBOX", max_length=200)),
                ("is_active", models.BooleanField(default=False)),
                ("takes_tokens", models.BooleanField(default=False)),
                ("uid_validity", models.PositiveBigIntegerField(blank=True, null=True)),
                ("last_uid", models.PositiveBigIntegerField(default=0)),
                ("connected_at", models.DateTimeField(blank=True, null=True)),
                ("last_fetched_at", models.DateTimeField(blank=True, null=True)),
                ("next_fetch_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=30)),
                ("problem_data", models.JSONField(blank=True, default=dict)),
                ("send_problem", models.CharField(blank=True, max_length=30)),
                ("send_problem_data", models.JSONField(blank=True, default=dict)),
                ("stuck_uid", models.PositiveBigIntegerField(default=0)),
                ("stuck_times", models.PositiveSmallIntegerField(default=0)),
                ("passed_over", models.JSONField(blank=True, default=list)),
                ("lease", models.CharField(blank=True, max_length=32)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "inbox",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mailboxes",
                        to="tickets.inbox",
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
                "verbose_name_plural": "mailboxes",
            },
        ),
        migrations.CreateModel(
            name="MailboxRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("test", "Test mail"), ("history", "Older mail")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("token", models.CharField(default=tickets.models.mailbox.new_token, max_length=32)),
                ("step", models.CharField(blank=True, max_length=12)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("problem", models.CharField(blank=True, max_length=30)),
                ("problem_data", models.JSONField(blank=True, default=dict)),
                ("lease", models.CharField(blank=True, max_length=32)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "mailbox",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="tickets.mailbox",
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
                (
                    "started_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(
                condition=models.Q(("is_active", True)),
                fields=["organization", "next_fetch_at"],
                name="mailbox_to_fetch",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.UniqueConstraint(
                fields=("organization", "inbox"), name="one_mailbox_per_inbox"
            ),
        ),
        migrations.AddIndex(
            model_name="mailboxrun",
            index=models.Index(fields=["organization", "mailbox", "kind", "-id"], name="run_by_mailbox"),
        ),
        migrations.AddIndex(
            model_name="mailboxrun",
            index=models.Index(
                condition=models.Q(("state", "running")), fields=["organization", "kind"], name="run_running"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailboxrun",
            constraint=models.UniqueConstraint(fields=("organization", "token"), name="run_token_is_unique"),
        ),
        IsolateTables(["Mailbox", "MailboxRun"]),
    ]
