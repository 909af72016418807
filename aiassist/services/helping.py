"""Ask the AI for help beside a draft, put what came into the composer, take it back. Nothing is sent by this."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from aiassist import tasks
from aiassist.core.helping import LONGEST_TEXT, REWORDS, HelpKind
from aiassist.drafting_models import Help, HelpState, PaidCall, Writing
from aiassist.paid import KEPT
from aiassist.services import services
from aiassist.writing import FRESH
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.conversation import messages_of
from tickets.models import ComposerDraft, MessageKind, Ticket
from tickets.services import drafts
from tickets.services.drafts import may_work
from tickets.services.involvement import involvement_of


def offered() -> dict[str, bool]:
    """Each kind of help, and whether it can be had now; the rest needs an AI service. One query."""
    helps = services.chosen().provider.helps
    return {kind.value: kind in helps for kind in HelpKind}


@transaction.atomic
def ask(*, ticket: Ticket, member: Membership, kind: str, text: str = "", language: str = "") -> Help:
    """Ask for help; a worker does it, and the page hears of it. Asking twice while one is under way is once.

    Raises NotAllowed for who may only read, InvalidState where there is nothing to work on, where a sentence without
    source stands in the text (reworded, nobody would know it again), or where it needs an AI service.
    """
    may_work(member, ticket)
    wanted = HelpKind(kind)
    if not offered()[kind]:
        raise InvalidState(
            _("This needs an AI service."), next_step=_("An owner can choose one under Settings, AI service.")
        )
    text = drafts.storable(text).strip()
    _something_to_do(ticket, wanted, text)
    under_way = Help.objects.filter(ticket=ticket, member=member, kind=kind, state=HelpState.WAITING).first()
    if under_way is not None and under_way.before == text:
        return under_way
    row = Help.objects.create(
        ticket=ticket,
        member=member,
        kind=kind,
        before=text if wanted in REWORDS else "",
        language=language[:8],
    )
    enqueue_on_commit(tasks.help_out, organization_id=ticket.organization_id, help_id=row.pk)
    return row


def _something_to_do(ticket: Ticket, kind: HelpKind, text: str) -> None:
    if kind not in REWORDS:
        if not messages_of(ticket).filter(kind=MessageKind.INBOUND).exists():
            raise InvalidState(_("The customer has not written anything yet."))
        return
    if not text:
        raise InvalidState(_("There is nothing in it yet."), next_step=_("Write something first."))
    if len(text) > LONGEST_TEXT:
        raise InvalidState(_("The text is too long for this."), next_step=_("Take it in two parts."))
    unsupported = involvement_of(ticket=ticket, text=text).unsupported
    if unsupported:
        raise InvalidState(
            _("This sentence has no source: “%(sentence)s”") % {"sentence": unsupported[:200]},
            next_step=_("Check it and put it in your own words, or take it out."),
        )


@transaction.atomic
def use(*, row: Help, member: Membership) -> ComposerDraft:
    """Put the new text in place of the one in the composer, which is set aside if it changed meanwhile.

    The composer knows from then on that the AI had a hand in it. Raises Conflict where it was used or is not there.
    """
    may_work(member, row.ticket)
    if row.member_id != member.pk:
        raise NotAllowed(_("A colleague asked for this text."), next_step=_("Ask for one yourself."))
    if not Help.objects.filter(pk=row.pk, state=HelpState.DONE).update(state=HelpState.USED):
        raise Conflict(_("There is no new text to use any more."))
    return drafts.put_in_place(
        ticket=row.ticket, member=member, text=row.text, before=row.before, used_decision=row.decision
    )


@transaction.atomic
def take_back(*, row: Help, member: Membership) -> ComposerDraft:
    """The text as it was before. The new one can be used again. Raises Conflict where it was not used."""
    may_work(member, row.ticket)
    if row.member_id != member.pk:
        raise NotAllowed(_("A colleague asked for this text."), next_step=_("Ask for one yourself."))
    if not Help.objects.filter(pk=row.pk, state=HelpState.USED).update(state=HelpState.DONE):
        raise Conflict(_("It is taken back already."))
    return drafts.put_in_place(
        ticket=row.ticket, member=member, text=row.before, before=row.text, not_from=row.decision
    )


@transaction.atomic
def dismiss(*, row: Help, member: Membership) -> None:
    """The new text is not wanted; the composer stays as it is. What the AI showed stays known as the AI's."""
    may_work(member, row.ticket)
    if row.member_id == member.pk:
        Help.objects.filter(pk=row.pk, kind__in=[one.value for one in REWORDS]).delete()


def forget_old(*, before: datetime, now: datetime) -> int:
    """Delete help from before then, answers that are too old to be used again, and words that a dead worker left."""
    old = Help.objects.filter(created_at__lt=before).delete()[0]
    old += PaidCall.objects.filter(claimed_at__lt=max(before, now - KEPT)).delete()[0]
    return old + Writing.objects.filter(updated_at__lt=now - FRESH).delete()[0]
