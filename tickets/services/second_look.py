"""A second person's look at an unsent answer, where the rules ask for one: asked for, given, for exactly that text."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import gate
from governance.core.clauses import Clauses
from governance.core.topics import topic_key
from governance.models import SecondLook
from governance.services import second_looks
from helpdesk.errors import Conflict, InvalidState
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from tickets.content import text_hash
from tickets.models import ComposerDraft, MessageKind, Ticket
from tickets.selectors.ticket_page import people
from tickets.sensitive import topics_in
from tickets.services import noticing
from tickets.services.drafts import may_work
from tickets.services.opening import add_event


@dataclass(frozen=True)
class Waiting:
    """A colleague's unsent text that waits for a look; `look.asked_by` is whoever asked."""

    look: SecondLook
    text: str


def topics_that_need_one(ticket: Ticket) -> frozenset[str]:
    """Which topics of this ticket the rules want two people for; empty: one is enough."""
    policy = gate.policy_in_force()
    rules = Clauses.from_dict(policy.clauses) if policy else Clauses()
    wanted = {topic_key(one) for one in rules.second_look_topics}
    if not wanted:
        return frozenset()
    return frozenset(wanted & {topic_key(one) for one in (*topics_in(ticket), *filter(None, [ticket.topic]))})


def ask(*, ticket: Ticket, member: Membership) -> SecondLook:
    """Ask colleagues to look at what this member has typed; another text is asked for anew. Raises InvalidState."""
    may_work(member, ticket)
    draft = _typed(ticket).filter(author=member).first()
    if draft is None:
        raise InvalidState(
            _("There is no unsent answer of yours here."), next_step=_("Write it, then ask a colleague.")
        )
    with transaction.atomic():
        known = of_text(ticket, draft.text)
        look = second_looks.ask_for(
            subject_kind="ticket", subject_id=ticket.pk, content_hash=text_hash(draft.text), member=member
        )
        if known is None:
            add_event(ticket, "second_look_asked", actor=member, data={})
            colleagues = [pk for pk, one in people(ticket.inbox_id).items() if one.works_here]
            others = Membership.objects.select_related("user").filter(pk__in=colleagues).exclude(pk=member.pk)
            noticing.asked(ticket=ticket, members=list(others), actor=member)
            publish_on_commit("ticket", ticket=ticket.pk)
    return look


def give(*, ticket: Ticket, look_id: int, member: Membership, is_fine: bool, note: str = "") -> None:
    """Say what the look found. Raises NotAllowed (one's own), Conflict (given already, or the text has changed)."""
    may_work(member, ticket)
    known = {one.look.pk: one for one in waiting(ticket)}
    if look_id not in known:
        raise Conflict(
            _("This text has changed, or somebody has looked at it already."),
            next_step=_("Look at what waits now."),
        )
    with transaction.atomic():
        second_looks.give(look=known[look_id].look, member=member, is_fine=is_fine, note=note)
        add_event(ticket, "second_look_given", actor=member, data={"fine": is_fine, "note": note[:300]})
        publish_on_commit("ticket", ticket=ticket.pk)


def waiting(ticket: Ticket) -> list[Waiting]:
    """Unsent texts of this ticket that somebody asked to have looked at, as they stand now. Two queries."""
    texts = {text_hash(one.text): one.text for one in _typed(ticket)}
    looks = SecondLook.objects.filter(subject_kind="ticket", subject_id=ticket.pk, looked_by=None)
    rows = looks.filter(content_hash__in=texts).select_related("asked_by__user").order_by("pk")
    return [Waiting(one, texts[one.content_hash]) for one in rows]


def of_text(ticket: Ticket, text: str) -> SecondLook | None:
    """The look at exactly this text, asked for or given. One query."""
    mine = SecondLook.objects.filter(
        subject_kind="ticket", subject_id=ticket.pk, content_hash=text_hash(text)
    )
    return mine.select_related("looked_by__user").first()


def _typed(ticket: Ticket) -> QuerySet[ComposerDraft]:
    return ComposerDraft.objects.filter(ticket=ticket, kind=MessageKind.REPLY).exclude(text="")
