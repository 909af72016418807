"""Writes of the people room: organizations, invitations, members and their inboxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.founding import Shop, found
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Invitation, Membership, Role, User
from helpdesk.people.permissions import can, grant_inbox, revoke_inbox
from helpdesk.people.selectors import inboxes
from helpdesk.people.tokens import new_token, token_hash
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id, organization_scope

INVITATION_DAYS = 7
#: Told who may do what from now on, by whom (None: by an invitation); the rooms above add theirs in `AppConfig.ready`.
when_rights_change: list[Callable[[Membership, Membership | None], None]] = []


@dataclass(frozen=True)
class Invited:
    """An invitation and the link that accepts it; the link cannot be shown again."""

    invitation: Invitation
    link: str


def create_organization(
    *, slug: str, name: str, owner_email: str, language: str = "en", timezone_name: str = "UTC"
) -> tuple[Organization, Invited]:
    """A new organization and the invitation of its first owner (not mailed: the link is returned).

    Raises Conflict where the slug is taken, ValidationError where a value is wrong.
    """
    with transaction.atomic():
        organization = found(Shop(slug=slug, name=name, language=language, timezone=timezone_name))
        with organization_scope(organization.id):
            return organization, _make_invitation(organization, owner_email, Role.OWNER, None)


def invite_owner(*, email: str) -> Invited:
    """The invitation of an owner of the organization in force, for commands: nobody asks, and nothing is mailed."""
    return _make_invitation(Organization.objects.get(pk=current_organization_id()), email, Role.OWNER, None)


def invite(*, email: str, role: str, member: Membership, inbox_ids: Iterable[int] = ()) -> Invited:
    """Invite a person by mail; an open invitation to the same address is replaced.

    `inbox_ids`: what an agent sees as soon as they joined. Raises NotAllowed, Conflict where the person
    is a member already.
    """
    _require_people_right(member)
    address = email.strip().lower()
    if Membership.objects.filter(user__email=address, is_active=True).exists():
        raise Conflict(
            _("%(email)s works here already.") % {"email": address},
            next_step=_("Change their role in the list of people."),
        )
    organization = Organization.objects.get(pk=current_organization_id())
    with transaction.atomic():
        Invitation.objects.filter(email=address, accepted_at=None).delete()
        invited = _make_invitation(organization, address, role, member, inbox_ids)
        _mail_invitation(organization, invited)
    return invited


def _make_invitation(
    organization: Organization,
    email: str,
    role: str,
    member: Membership | None,
    inbox_ids: Iterable[int] = (),
) -> Invited:
    token, digest = new_token()
    invitation = Invitation(
        email=email.strip().lower(),
        role=Role(role),
        token_hash=digest,
        invited_by=member,
        inbox_ids=sorted(set(inbox_ids)),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    invitation.clean_fields(exclude=["organization"])
    invitation.save()
    path = reverse("invitation", args=[token], urlconf="helpdesk.urls")
    return Invited(invitation, base_url(organization) + path)


def _mail_invitation(organization: Organization, invited: Invited) -> None:
    with translation.override(organization.language):
        context = {
            "organization": organization,
            "link": invited.link,
            "days": INVITATION_DAYS,
            "invited_by": invited.invitation.invited_by,
        }
        subject = _("Your invitation to work at %(organization)s") % {"organization": organization}
        body = render_to_string("people/email/invitation.txt", context)
    post_on_commit(EmailMessage(subject=subject, body=body, to=[invited.invitation.email]))


def withdraw(*, invitation: Invitation, member: Membership) -> None:
    """Withdraw an invitation that nobody accepted yet; its link stops working."""
    _require_people_right(member)
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link, if it can still be accepted."""
    return Invitation.objects.filter(
        token_hash=token_hash(token), accepted_at=None, expires_at__gt=timezone.now()
    ).first()


def accept(*, token: str, name: str = "", password: str = "", user: User | None = None) -> Membership:
    """Accept an invitation once: makes the user if the address is new, and the membership.

    `user`: who proved (by password or session) to own an account that exists. Raises InvalidState for a used or
    expired link, NotAllowed where the account exists and was not proved.
    """
    with transaction.atomic():
        claimed = Invitation.objects.filter(
            token_hash=token_hash(token), accepted_at=None, expires_at__gt=timezone.now()
        ).select_for_update()
        invitation = claimed.first()
        if invitation is None:
            raise InvalidState(
                _("This invitation was used already or is older than %(days)s days.")
                % {"days": INVITATION_DAYS},
                next_step=_("Ask for a new one."),
            )
        person = _person(invitation, name, password, user)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
        joined = _join(person, invitation.role)
        for inbox in inboxes():
            if inbox.pk in invitation.inbox_ids:
                grant_inbox(joined, inbox)
        _tell(joined, None)
        return joined


def _person(invitation: Invitation, name: str, password: str, user: User | None) -> User:
    existing = User.objects.filter(email=invitation.email).first()
    if existing is None:
        person = User.objects.create_user(invitation.email, password, name=name.strip())
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person
    if user is None or user.pk != existing.pk:
        raise NotAllowed(
            _("There is an account for %(email)s already.") % {"email": invitation.email},
            next_step=_("Enter its password to join with it."),
        )
    return existing


def _join(user: User, role: str) -> Membership:
    member, made = Membership.objects.get_or_create(user=user, defaults={"role": role})
    if not made:
        member.role, member.is_active = role, True
        member.save(update_fields=["role", "is_active"])
    return member


def change_role(*, target: Membership, role: str, member: Membership) -> None:
    """Give a member another role. Raises NotAllowed, InvalidState where no owner would stay."""
    _require_people_right(member)
    with transaction.atomic():
        locked = _locked(target)
        if role != Role.OWNER:
            _require_another_owner(locked)
        locked.role = Role(role)
        locked.save(update_fields=["role"])
        _tell(locked, member)


def set_active(*, target: Membership, is_active: bool, member: Membership) -> None:
    """Let a member in, or keep them out from the next request on. At least one owner stays."""
    _require_people_right(member)
    with transaction.atomic():
        locked = _locked(target)
        if not is_active:
            _require_another_owner(locked)
        if is_active and locked.is_forgotten:
            raise InvalidState(
                _("Nobody is behind this name any more."), next_step=_("Invite the person anew.")
            )
        locked.is_active = is_active
        locked.save(update_fields=["is_active"])
        _tell(locked, member)


def _tell(changed: Membership, by: Membership | None) -> None:
    for tell in when_rights_change:
        tell(changed, by)


def _locked(target: Membership) -> Membership:
    """All owners and the target are locked, in one order, so that two owners cannot remove each other at once."""
    rows = list(Membership.objects.select_for_update().order_by("pk").filter(role=Role.OWNER))
    found = {one.pk: one for one in rows}.get(target.pk)
    return found or Membership.objects.select_for_update().get(pk=target.pk)


def _require_another_owner(target: Membership) -> None:
    if target.role != Role.OWNER or not target.is_active:
        return
    others = Membership.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=target.pk)
    if not others.exists():
        raise InvalidState(
            _("This is the last owner; an organization needs one."),
            next_step=_("Make somebody else owner first."),
        )


def set_inboxes(
    *, target: Membership, inboxes: Iterable[Any], chosen: Iterable[int], member: Membership
) -> None:
    """Grant exactly the chosen ones of `inboxes` to the target."""
    _require_people_right(member)
    wanted = set(chosen)
    with transaction.atomic():
        for inbox in inboxes:
            (grant_inbox if inbox.pk in wanted else revoke_inbox)(target, inbox)


def change_profile(*, member: Membership, name: str, work_name: str) -> None:
    """A member's own name, and the name that customers see (governance.md 1.2: one registered work name)."""
    if not name.strip():
        raise ValidationError({"name": _("Tell us your name.")})
    with transaction.atomic():
        User.objects.filter(pk=member.user_id).update(name=name.strip())
        Membership.objects.filter(pk=member.pk).update(work_name=work_name.strip())


def _require_people_right(member: Membership) -> None:
    if not can(member, "manage_people"):
        raise NotAllowed(_("Only an owner can manage people."), next_step=_("Ask one of the owners."))
