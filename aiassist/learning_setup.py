"""What learning brings to the rooms at the start of every process: it hears of answers sent and customers' choices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

#: Choices that end what was learned from somebody, unless they say yes.
_PURPOSES = frozenset({"improve", "ai_assist"})


def register_learning() -> None:
    """Called once from AppConfig.ready."""
    from aiassist import learning_demands, learning_weekly, privacy_learning  # noqa: F401 - declares its tables
    from governance.models import Consent, DataRequest, EthicsPolicy
    from helpdesk.people import settings_pages
    from tickets.signals import message_sent

    message_sent.connect(on_message_sent, dispatch_uid="aiassist.learning.message_sent")
    post_save.connect(on_choice, sender=Consent, dispatch_uid="aiassist.learning.choice")
    post_save.connect(on_request, sender=DataRequest, dispatch_uid="aiassist.learning.request")
    post_save.connect(on_rules, sender=EthicsPolicy, dispatch_uid="aiassist.learning.rules")
    learning_demands.register()
    learning_weekly.register()
    for page in _PAGES:
        settings_pages.register(settings_pages.SettingsPage(*page, "manage_policy"))


#: Address, word, what it is for, place among the settings.
_PAGES = (
    (
        "ai-learned",
        _("What the AI learned"),
        _("How drafts do per topic, and where people should answer."),
        46,
    ),
    ("ai-tests", _("Test questions"), _("Asked of every AI before it writes for your customers."), 47),
    ("ai-told", _("What the AI is told"), _("The wording that comes with a release, and going back."), 48),
)


def on_message_sent(sender: Any, *, organization_id: UUID, message_id: int, **_more: Any) -> None:
    """Sent on commit: note what became of the draft."""
    from aiassist.learning_tasks import note_answer
    from helpdesk.tenancy.tasks import enqueue

    enqueue(note_answer, organization_id=str(organization_id), message_id=message_id)


def on_choice(sender: Any, *, instance: Any, created: bool, **_more: Any) -> None:
    """In the transaction of the choice: a no, or "without AI", takes what was learned from the customer with it."""
    from aiassist.services.learning import forget_customer

    said_no = instance.purpose in _PURPOSES and instance.state != "granted"
    if created and (said_no or (instance.purpose == "humans_only" and instance.state == "granted")):
        forget_customer(instance.customer_id)


def on_request(sender: Any, *, instance: Any, created: bool, **_more: Any) -> None:
    """A pause takes it too: what is paused is not used."""
    from aiassist.services.learning import forget_customer

    if created and instance.kind == "restrict":
        forget_customer(instance.customer_id)


def on_rules(sender: Any, *, instance: Any, **_more: Any) -> None:
    """Rules came into force: write down which instructions count, so that the next release's wait to be tried."""
    from aiassist.services.prompting import start

    if instance.status == "published":
        start()
