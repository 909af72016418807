"""App configuration of the tickets room."""

from __future__ import annotations

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"

    def ready(self) -> None:
        """Tell the ground what this room serves: portal pages, the API, and what a customer's download leaves out."""
        from django.utils.translation import gettext_lazy as _

        from governance.services import keeping as keeping_of_rules
        from helpdesk.api import registry
        from helpdesk.people import forgetting, settings_pages
        from helpdesk.portal.menu import MenuItem, register
        from helpdesk.privacy.export import leave_out
        from tickets import (
            apologies,
            demands,
            first_day,
            keeping,
            knowledge_pages,
            leaving,
            receivers,
            subjects,
            weekly,
        )
        from tickets.api import ArticleViewSet, InboxViewSet, TicketViewSet
        from tickets.services import forgetting as forgetting_here

        apologies.register()
        demands.register()
        first_day.register_all()
        knowledge_pages.register_all()
        keeping_of_rules.offer(keeping.how_many)
        leaving.register()
        forgetting.when_forgotten.append(forgetting_here.forget)
        weekly.register()
        receivers.connect()
        subjects.register_all()
        registry.register("tickets", TicketViewSet)
        registry.register("inboxes", InboxViewSet)
        registry.register("articles", ArticleViewSet)
        register(MenuItem("portal-tickets", _("Your questions"), 10))
        leave_out(
            "tickets.message",
            lambda rows: rows.exclude(kind__in=["note", "outside"]).exclude(
                state__in=["prepared", "held", "cancelled"]
            ),
            _("Notes of our team and answers that were never sent. Ask us if you want to see them."),
        )
        settings_pages.register(
            settings_pages.SettingsPage(
                "desk:inboxes",
                _("Inboxes and mailboxes"),
                _("Addresses customers write to, and the mailboxes behind them"),
                20,
                "manage_inboxes",
            )
        )
        settings_pages.register(
            settings_pages.SettingsPage(
                "desk:opening_hours",
                _("Opening hours"),
                _("When you are open, holidays, and how soon you want to answer"),
                25,
            )
        )
        settings_pages.register(
            settings_pages.SettingsPage(
                "desk:blocked",
                _("Blocked senders"),
                _("Whose mail is kept aside, and letting one in again"),
                60,
                "work",
            )
        )
