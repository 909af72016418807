"""A draft when a colleague asks for one: the message goes the whole way again, every check included."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from aiassist.models import Draft, DraftState
from aiassist.selectors import newest_inbound
from aiassist.tasks import handle_message
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.models import Article, MessageOutcome, Ticket

#: Ends after which a colleague may ask anew: rules, sources or the service may be others by now.
AGAIN = ("no_draft", "not_allowed", "failed")


@transaction.atomic
def suggest(*, ticket: Ticket, member: Membership) -> None:
    """Forget how the newest message ended, or its outdated draft, and hand it to the worker.

    Twice is once: where it is already under way nothing happens. Raises NotAllowed for who may only read,
    InvalidState where there is nothing to answer or a draft that is still good.
    """
    if not can(member, "work", ticket):
        raise NotAllowed(
            _("You can read this ticket, but not answer it."),
            next_step=_("Ask an owner to let you work in this inbox."),
        )
    message = newest_inbound(ticket)
    if message is None:
        raise InvalidState(_("The customer has not written anything yet."))
    outcome = MessageOutcome.objects.select_for_update(of=("self",)).filter(message=message).first()
    if outcome is not None:
        draft = Draft.objects.filter(message=message).first()
        if draft is not None and not may_go(draft):
            raise InvalidState(_("There is a draft already."))
        if draft is None and outcome.result not in AGAIN:
            raise InvalidState(_("There was a draft already."))
        if draft is not None:
            draft.delete()  # what it said and stood on stays with its decision
        outcome.delete()
    enqueue_on_commit(
        handle_message, organization_id=ticket.organization_id, message_id=message.pk, asked=True
    )


def may_go(draft: Draft) -> bool:
    """Whether a colleague may ask for another: this one is outdated, or only stands in for the chosen service."""
    return is_old(draft) or (bool(draft.instead) and draft.state == DraftState.PROPOSED)


def is_old(draft: Draft) -> bool:
    """Whether a source of an undecided draft was changed, taken offline or removed since. One query."""
    if draft.state != DraftState.PROPOSED:
        return False
    slugs = {one["slug"] for one in draft.sources if one.get("kind") == "article" and one.get("slug")}
    if not slugs:
        return False
    unchanged = Article.objects.filter(slug__in=slugs, status="published", updated_at__lte=draft.created_at)
    return unchanged.values("slug").distinct().count() < len(slugs)
