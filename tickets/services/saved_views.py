"""Save what the list is narrowed to under a name, remove it, and bring it back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, InvalidState
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.models import SavedView

#: A member's own; the left pane is short.
MOST = 20
NAME, QUERY = 40, 500


@transaction.atomic
def save_view(*, member: Membership, name: str, query: str, shared: bool) -> SavedView:
    """Keep `query` (the list's, in its one way of writing) as `name`, for the member or for everybody.

    Raises InvalidState for no name, too long a query or too many, Conflict where the member has that name already.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME:
        raise InvalidState(_("Give it a name of at most 40 letters."))
    if len(query) > QUERY:
        raise InvalidState(_("This is too long to keep."), next_step=_("Search for fewer words."))
    if SavedView.objects.filter(owner=member).count() >= MOST:
        raise InvalidState(_("You have 20 views."), next_step=_("Remove one that you do not need."))
    try:
        with transaction.atomic():
            view = SavedView.objects.create(owner=member, name=name, query=query, is_shared=shared)
    except IntegrityError as error:
        raise Conflict(_("You have a view of that name."), next_step=_("Choose another name.")) from error
    publish_on_commit("views")
    return view


@transaction.atomic
def remove_view(*, view: SavedView, member: Membership) -> None:
    """Remove it. Raises InvalidState for a colleague's, unless the member owns the shop and it is for everybody."""
    if view.owner_id != member.pk and not (view.is_shared and can(member, "manage_people")):
        raise InvalidState(_("Only who saved it or an owner can remove it."))
    view.delete()
    publish_on_commit("views")
