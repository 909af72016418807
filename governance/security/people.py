"""People and what they hold: roles, second factors, accounts nobody uses, links and keys that are still open."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import GuestAccess
from governance.security.found import Finding
from helpdesk.people.models import ApiToken, Invitation, Membership, Role

#: Nobody who works here stays away longer (a setting of the check, not a law).
UNUSED = timedelta(days=90)
#: An owner's second factor is asked for from this many people on, and always of those who may change the rules.
MOST_OWNERS = 5
_PEOPLE = "/people/"


def roles_are_filled() -> Finding:
    """Somebody owns it, and not everybody."""
    rows = list(Membership.objects.filter(is_active=True).values_list("role", flat=True))
    owners = rows.count(Role.OWNER)
    if not owners:
        return Finding(ok=False, said=_("Nobody here is an owner."), next_step=_("Make somebody an owner."))
    if owners > MOST_OWNERS and owners > len(rows) // 2:
        said = _("%(n)s of %(of)s people are owners.") % {"n": owners, "of": len(rows)}
        return Finding(ok=False, said=said, next_step=_("Make agents of those who only answer: People."))
    return Finding(ok=True, said=_("Owners: %(n)s of %(of)s people.") % {"n": owners, "of": len(rows)})


def second_factors() -> Finding:
    """Those who may change rules and people sign in with two things."""
    people = Membership.objects.filter(is_active=True, role__in=(Role.OWNER, Role.OFFICER))
    users = set(people.values_list("user_id", flat=True))
    known = Authenticator.objects.filter(user_id__in=users, type__in=("totp", "webauthn"))
    without = len(users - set(known.values_list("user_id", flat=True)))
    if without:
        said = _("%(n)s people who may change rules sign in with a password alone.") % {"n": without}
        return Finding(ok=False, said=said, next_step=_("Each sets up an app or a passkey under Profile."))
    return Finding(ok=True, said=_("Everybody who may change rules has a second factor."))


def stale_people() -> Finding:
    """Open accounts of people who have not come for three months."""
    border = timezone.now() - UNUSED
    rows = Membership.objects.filter(is_active=True, created_at__lt=border).select_related("user")
    stale = sum(one.user.last_login is None or one.user.last_login < border for one in rows)
    if stale:
        said = _("%(n)s people have not signed in for three months.") % {"n": stale}
        return Finding(ok=False, said=said, next_step=_("Close the accounts that nobody needs: People."))
    return Finding(ok=True, said=_("Everybody with an account has signed in within three months."))


def open_links() -> Finding:
    """Invitations and guests' links whose time is over are closed by it; how many are open now."""
    now = timezone.now()
    invited = Invitation.objects.filter(accepted_at=None, expires_at__gt=now)
    long = invited.filter(expires_at__gt=now + timedelta(days=31)).count()
    guests = GuestAccess.objects.filter(revoked_at=None, expires_at__gt=now)
    endless = guests.filter(expires_at__gt=now + timedelta(days=92)).count()
    if long or endless:
        said = _("%(n)s links to outsiders stay open for too long.") % {"n": long + endless}
        return Finding(
            ok=False, said=said, next_step=_("Withdraw them, and send new ones when needed: People.")
        )
    said = _("Open invitations: %(invited)s, guests: %(guests)s; each ends by itself.")
    return Finding(ok=True, said=said % {"invited": invited.count(), "guests": guests.count()})


def tokens() -> Finding:
    """Programs' keys that nobody uses, or whose person is gone."""
    border = timezone.localdate() - UNUSED
    rows = ApiToken.objects.filter(revoked_at=None).select_related("membership")
    stale = [
        one
        for one in rows
        if not one.membership.is_active or (one.last_used_on or one.created_at.date()) < border
    ]
    if stale:
        said = _("%(n)s keys of programs are open and unused.") % {"n": len(stale)}
        return Finding(ok=False, said=said, next_step=_("Withdraw them."))
    return Finding(ok=True, said=_("Each key of a program is in use."))
