"""What the people room holds about persons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.privacy import erasure
from helpdesk.privacy.registry import TECHNICAL, Category, D, Erase, declare

_STAFF = D(Category.STAFF, "staff")
_SECRET = D(Category.SECRET, "sign_in")

declare(
    "people.User",
    {
        "email": _STAFF,
        "name": _STAFF,
        "password": _SECRET,
        "last_login": _STAFF,
        "created_at": _STAFF,
        "is_active": TECHNICAL,
        "is_superuser": TECHNICAL,
    },
)
declare(
    "people.Membership",
    {"user": _STAFF, "role": _STAFF, "work_name": _STAFF, "gets_weekly_mail": _STAFF, "told": _STAFF},
    rest=TECHNICAL,
)
declare("people.Invitation", {"email": _STAFF, "role": _STAFF, "token_hash": _SECRET}, rest=TECHNICAL)
declare("people.ApiToken", {"name": D(Category.BUSINESS), "token_hash": _SECRET}, rest=TECHNICAL)
declare("people.HandOver", {"token_hash": _SECRET}, rest=TECHNICAL)
declare(
    "people.AgreementAcceptance",
    {"accepted_by": _STAFF, "accepted_name": _STAFF, "accepted_at": _STAFF},
    rest=D(Category.BUSINESS),
)
declare("people.FirstDay", {}, rest=D(Category.BUSINESS))
declare("people.WeeklyMail", {}, rest=D(Category.BUSINESS))
declare(
    "people.Customer",
    {
        "name": D(Category.CONTACT, export=True, erase=Erase.BLANK, ai_may_see=True),
        "language": D(Category.CONTACT, export=True, erase=Erase.BLANK, ai_may_see=True),
        "reference": D(
            Category.TECHNICAL,
            "proof",
            export=True,
            reason="A pseudonym: proves what was done after a deletion.",
        ),
        "created_at": D(Category.BEHAVIOUR, export=True),
        "acknowledged_at": D(Category.BEHAVIOUR, export=True),
        "erased_at": TECHNICAL,
    },
)
declare(
    "people.CustomerAddress",
    {
        "customer": TECHNICAL,
        "address": D(Category.CONTACT, export=True, erase=Erase.DELETE),
        "created_at": D(Category.BEHAVIOUR, export=True, erase=Erase.DELETE),
    },
)
declare(
    "people.CustomerLink",
    {"token_hash": D(Category.SECRET, "sign_in", erase=Erase.DELETE)},
    rest=D(Category.TECHNICAL, erase=Erase.DELETE),
)

erasure.call_rows("people.Customer", _("names"))
erasure.call_rows("people.CustomerAddress", _("e-mail addresses"))
erasure.call_rows("people.CustomerLink", _("sign-in links"))
