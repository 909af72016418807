"""What became of drafts is noted in numbers, and teaches only where the customer agreed; all of it can be forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from aiassist.core import learned
from aiassist.core.learned import Learned
from aiassist.learned_models import Became
from aiassist.models import AnswerFact, Draft, DraftState, GoldenTicket, Lesson
from governance import gate, ledger
from governance.core.facts import GateRequest
from governance.core.vocabulary import Action, ActorKind, Purpose
from governance.services import consents
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Customer, Membership
from helpdesk.people.permissions import can
from tickets.conversation import home_of, messages_of
from tickets.models import AIInvolvement, Message, MessageKind, MessageState

#: Of an answer, only what an agent decided: no words leave the ticket.
FIELDS = frozenset({"topic", "language"})
#: So long what was forgotten can be taken back.
TAKE_BACK = timedelta(days=1)


@transaction.atomic
def note_answer(reply_id: int) -> AnswerFact | None:
    """Note what became of the draft for the message that this reply answers, and learn from it where that is allowed.

    Once per message: a second reply, or a second run, changes nothing. None where nothing was answered.
    """
    reply = (
        Message.objects.select_related("ticket__merged_into")
        .filter(pk=reply_id, kind=MessageKind.REPLY, state=MessageState.SENT)
        .first()
    )
    message = _answered(reply) if reply else None
    if reply is None or message is None:
        return None
    draft = Draft.objects.select_related("decision").filter(message=message).first()
    became = _became(draft, reply)
    used = became in (Became.USED, Became.EDITED)
    changed = learned.changed_share(draft.text, reply.text) if draft is not None and used else None
    wait = max(0, int(((reply.sent_at or reply.created_at) - message.created_at).total_seconds()))
    fact, new = AnswerFact.objects.get_or_create(
        message=message,
        defaults={
            "ticket": message.ticket,
            "topic": message.ticket.topic,
            "became": became,
            "changed": changed,
            "reason": draft.reject_reason[:20] if draft is not None and became == Became.REJECTED else "",
            "wait_seconds": wait,
            "system": draft.decision.system if draft else "",
            "prompt_hash": draft.decision.prompt_hash if draft else "",
        },
    )
    if new and draft is not None:
        learn(fact=fact, draft=draft)
    return fact


def _answered(reply: Message) -> Message | None:
    """The newest message of the customer before the reply, unless another reply came between."""
    before = messages_of(home_of(reply.ticket)).filter(pk__lt=reply.pk).order_by("-pk")
    inbound = before.filter(kind=MessageKind.INBOUND).select_related("ticket__customer", "customer").first()
    if inbound is None:
        return None
    sent = before.filter(kind=MessageKind.REPLY, state=MessageState.SENT, pk__gt=inbound.pk)
    return None if sent.exists() else inbound


def _became(draft: Draft | None, reply: Message) -> Became:
    if draft is None:
        return Became.NONE
    taken = draft.state in (DraftState.USED, DraftState.EDITED) and reply.ai_involvement != AIInvolvement.NONE
    if taken or reply.decision_id == draft.decision_id:
        return Became.EDITED if learned.changed_share(draft.text, reply.text) else Became.USED
    return Became.REJECTED if draft.state == DraftState.REJECTED else Became.IGNORED


def learn(*, fact: AnswerFact, draft: Draft) -> int:
    """Keep what a draft teaches about its passages and its topic; returns how many lessons.

    Only where the customer agreed, and every check lets it: the customer is locked, so that a no given at the same
    moment comes either before (nothing is learned) or after (what was learned goes).
    """
    value = learned.value_of(fact.became, fact.changed, fact.reason)
    customer = Customer.objects.select_for_update().get(pk=_whose(fact.message))
    if value is None or customer.erased_at or consents.choices(customer).get("improve") != "granted":
        return 0
    answer = _ask(fact, draft, customer)
    if not answer.allowed:
        return 0
    about = [("", fact.topic)] if fact.topic else []
    keys = dict.fromkeys(learned.passage_key(one["title"], one["passage"]) for one in draft.sources)
    about += [(key, "") for key in keys]
    Lesson.objects.bulk_create(
        Lesson(
            fact=fact, customer=customer, decision=answer.decision, passage=passage, topic=topic, value=value
        )
        for passage, topic in about
    )
    return len(about)


def _whose(message: Message) -> int:
    return message.customer_id or message.ticket.customer_id


def _ask(fact: AnswerFact, draft: Draft, customer: Customer) -> gate.Answer:
    request = GateRequest(
        action=Action.REUSE,
        purpose=Purpose.IMPROVE,
        topic=fact.topic or None,
        subject=f"ticket:{fact.ticket_id}",
        customer_known=True,
        language=draft.language or None,
        fields=FIELDS,
        actor_kind=ActorKind.WORKER,
        stays_inside=True,
    )
    return gate.check(request, subject_kind="message", subject_id=fact.message_id, customer=customer)


def learned_now() -> Learned:
    """The weights and cautions that follow from the lessons there are. One query."""
    rows = (
        Lesson.objects.filter(forgotten_at=None)
        .values("passage", "topic")
        .annotate(total=Sum("value"), n=Count("pk"))
    )
    weights, cautions = {}, {}
    for row in rows:
        if row["passage"]:
            weights[row["passage"]] = learned.weight(row["total"], row["n"])
        else:
            cautions[row["topic"]] = learned.caution(row["total"], row["n"])
    return Learned(
        {key: value for key, value in weights.items() if value},
        {key: value for key, value in cautions.items() if value},
    )


def forget_customer(customer_id: int) -> int:
    """The customer said no: what was learned from their requests goes, and test questions with their words too."""
    lessons = Lesson.objects.filter(customer_id=customer_id).delete()[0]
    return lessons + GoldenTicket.objects.filter(customer_id=customer_id).delete()[0]


def begin_anew(*, member: Membership) -> datetime:
    """Forget every lesson from now on; can be taken back for a day. Raises NotAllowed, InvalidState (nothing there)."""
    _require_right(member)
    now = timezone.now()
    with transaction.atomic():
        count = Lesson.objects.filter(forgotten_at=None).update(forgotten_at=now)
        if not count:
            raise InvalidState(_("It has not learned anything yet."))
        _note("learned_forgotten", member, count)
    return now


def take_back(*, member: Membership) -> int:
    """What was forgotten within the last day counts again. Raises NotAllowed, InvalidState (too late)."""
    _require_right(member)
    with transaction.atomic():
        count = Lesson.objects.filter(forgotten_at__gt=timezone.now() - TAKE_BACK).update(forgotten_at=None)
        if not count:
            raise InvalidState(_("It is too late to take it back: it is forgotten."))
        _note("learned_taken_back", member, count)
    return count


def tidy(*, now: datetime, days: int) -> int:
    """Delete what was forgotten a day ago, and what is older than the rules keep AI records; returns how many rows."""
    gone = Lesson.objects.filter(forgotten_at__lte=now - TAKE_BACK).delete()[0]
    return gone + AnswerFact.objects.filter(created_at__lt=now - timedelta(days=days)).delete()[0]


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer decides what the AI keeps."), next_step=_("Ask one of them.")
        )


def _note(event: str, member: Membership, count: int) -> None:
    ledger.record(event, actor=ledger.actor_name(member), object_ref="lessons", payload={"lessons": count})
