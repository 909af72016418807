"""Forget a colleague who has left: name, address, password and keys go; what they signed stays, without a name."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import NOWHERE, ApiToken, Invitation, Membership, User
from helpdesk.people.permissions import can, revoke_inbox
from helpdesk.people.selectors import inboxes
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id

#: Told of it in the same transaction; the rooms above add theirs in `AppConfig.ready`.
when_forgotten: list[Callable[[Membership, Membership], None]] = []


def forget(*, target: Membership, member: Membership) -> None:
    """For good. The membership stays as a number, so that approvals and the record hold. Somebody who also works for
    another organization keeps their account there. Twice is once.

    Raises NotAllowed, InvalidState (still let in).
    """
    if not can(member, "manage_people"):
        raise NotAllowed(_("Only an owner can manage people."), next_step=_("Ask one of the owners."))
    with transaction.atomic():
        row = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=target.pk)
        if row.is_active:
            raise InvalidState(
                _("%(name)s still works here.") % {"name": row.display_name},
                next_step=_("Keep them out first."),
            )
        if row.is_forgotten:
            return
        before = row.user
        for inbox in inboxes():
            revoke_inbox(row, inbox)
        ApiToken.objects.filter(membership=row, revoked_at=None).update(revoked_at=timezone.now())
        Invitation.objects.filter(email=before.email).delete()
        row.user, row.work_name, row.told, row.gets_weekly_mail = _nobody(), "", {}, False
        row.save()
        LogEntry.objects.filter(user_id=before.pk).update(user_id=row.user_id)
        for tell in when_forgotten:
            tell(row, member)
        _let_go(before)


def _nobody() -> User:
    organization = Organization.objects.get(pk=current_organization_id())
    with translation.override(organization.language):
        user = User(email=f"{uuid4().hex}{NOWHERE}", name=_("A former colleague"), is_active=False)
    user.set_unusable_password()
    user.save()
    return user


def _let_go(user: User) -> None:
    """Delete the account, unless another organization needs it: the walls hide that from us, the foreign key knows."""
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=user).delete()
            user.delete()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        return
