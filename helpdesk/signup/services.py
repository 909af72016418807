"""Writes of the sign-up: open a shop at once, or mail a sealed letter that opens it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.people.founding import Shop, hand_over, open_shop
from helpdesk.people.mail import seal
from helpdesk.people.models import User
from helpdesk.people.tasks import send_installation_mail
from helpdesk.privacy.crypto import decrypt, encrypt
from helpdesk.tenancy.hosts import bare_url
from helpdesk.tenancy.tasks import enqueue

LETTER_HOURS = 24


@dataclass(frozen=True)
class Letter:
    """What a person asked for, carried in the link itself: nothing is stored about who never confirms."""

    shop: Shop
    name: str
    email: str
    password_hash: str


def open_for(*, shop: Shop, name: str, email: str, password_hash: str, known: User | None) -> str:
    """Open the shop and return the link that leads its owner in.

    `known`: who proved to own the account of this address; else a new one is made. Raises Conflict where the short
    name, or without proof the address, is taken meanwhile; ValidationError.
    """
    user = known or User(email=email, name=name.strip(), password=password_hash)
    return hand_over(open_shop(shop=shop, user=user))


def write_letter(*, shop: Shop, name: str, email: str, password: str) -> bool:
    """Mail the link that opens the shop; False where no mail can be taken just now.

    The answer and its time are the same whether or not an account exists.
    """
    letter = Letter(shop, name, email, make_password(password))
    link = bare_url() + reverse("signup-confirm", args=[_sealed(letter)], urlconf="helpdesk.urls_bare")
    body = render_to_string("signup/email/confirm.txt", {"shop": shop, "link": link, "hours": LETTER_HOURS})
    subject = _("Open the desk of %(shop)s") % {"shop": " ".join(shop.name.split())}
    return enqueue(send_installation_mail, sealed=seal(EmailMessage(subject=subject, body=body, to=[email])))


def _sealed(letter: Letter) -> str:
    until = timezone.now() + timedelta(hours=LETTER_HOURS)
    return encrypt(json.dumps({**asdict(letter), "until": until.timestamp(), "for": "sign-up"}))


def read_letter(sealed: str) -> Letter | None:
    """The letter behind a link; None where it is too old or none of ours."""
    try:
        content: dict[str, Any] = json.loads(decrypt(sealed))
        fresh = content.pop("for") == "sign-up" and content.pop("until") > timezone.now().timestamp()
        return Letter(**{**content, "shop": Shop(**content["shop"])}) if fresh else None
    except Exception:  # noqa: BLE001 - whatever somebody put into the address bar
        return None
