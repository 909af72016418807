"""Hears what happens in the rooms below: a message arrived, an article changed, rules came into force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models.signals import post_save

from aiassist.services.forgetting import forget
from aiassist.signals import data_held_back
from governance.models import Consent, ConsentState, DataRequest, DataRequestKind, EthicsPolicy, PolicyStatus
from governance.services import audits
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue, enqueue_on_commit
from tickets.signals import knowledge_changed, message_received


def on_message_received(sender: Any, *, organization_id: UUID, message_id: int, **_: Any) -> None:
    """Sent on commit: hand the message to the AI worker."""
    from aiassist.tasks import handle_message

    enqueue(handle_message, organization_id=str(organization_id), message_id=message_id)


def on_knowledge_changed(sender: Any, *, organization_id: UUID, **_: Any) -> None:
    """Sent on commit: bring the passages in step."""
    from aiassist.tasks import index

    enqueue(index, organization_id=str(organization_id))


def on_policy_saved(sender: Any, *, instance: EthicsPolicy, **_: Any) -> None:
    """Rules came into force: articles that were written before them may be read for meaning from now on."""
    from aiassist.tasks import index

    if instance.status == PolicyStatus.PUBLISHED:
        enqueue_on_commit(index, organization_id=str(current_organization_id()))


def on_data_held_back(
    sender: Any, *, message: Any, decision_id: int, kinds: tuple[str, ...], **_: Any
) -> None:
    """A draft had other people's data in it: that is an incident, and the third one stops this AI."""
    from governance import signals
    from governance.models import AIDecision

    system = AIDecision.objects.filter(pk=decision_id).values_list("system", flat=True).first() or ""
    signals.leak_held_back(
        where=f"ticket:{message.ticket_id}", provider=system.partition("/")[0], kinds=tuple(kinds)
    )


def on_choice(sender: Any, *, instance: Consent, **_: Any) -> None:
    """A customer's no takes what was learned from their messages away, in the same transaction."""
    if instance.state in (ConsentState.OBJECTED, ConsentState.REFUSED) or instance.purpose == "humans_only":
        forget(instance.customer_id)


def on_request(sender: Any, *, instance: DataRequest, **_: Any) -> None:
    """So does a pause."""
    if instance.kind == DataRequestKind.RESTRICT:
        forget(instance.customer_id)


def run_pairs(organization_id: str) -> None:
    """What governance asks for when an owner wants invented customers checked again."""
    from aiassist.tasks import audit_pairs

    enqueue(audit_pairs, organization_id=organization_id)


def connect() -> None:
    """Called once from AppConfig.ready."""
    audits.offer_pairs(run_pairs)
    post_save.connect(on_choice, sender=Consent, dispatch_uid="aiassist.choice")
    post_save.connect(on_request, sender=DataRequest, dispatch_uid="aiassist.request")
    data_held_back.connect(on_data_held_back, dispatch_uid="aiassist.data_held_back")
    message_received.connect(on_message_received, dispatch_uid="aiassist.message_received")
    knowledge_changed.connect(on_knowledge_changed, dispatch_uid="aiassist.knowledge_changed")
    post_save.connect(on_policy_saved, sender=EthicsPolicy, dispatch_uid="aiassist.policy_saved")
