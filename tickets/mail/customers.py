"""Who wrote: the customer behind an address, found or made, also when two mails arrive at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from helpdesk.people.models import Customer, CustomerAddress
from tickets.mail.classify import takes_no_replies
from tickets.mail.headers import Address
from tickets.mail.parse import ParsedMail


def sender_of(mail: ParsedMail) -> Address | None:
    """The person to answer: From, or Reply-To where a machine sends for a person (contact forms)."""
    answerable = [one for one in mail.reply_to if not takes_no_replies(one.address)]
    if mail.from_address and takes_no_replies(mail.from_address) and answerable:
        return answerable[0]
    return Address(mail.from_name, mail.from_address) if mail.from_address else None


def find_customer(address: str) -> Customer | None:
    """The customer who has this address."""
    row = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    return row.customer if row else None


def customer_for(*, address: str, name: str = "", language: str = "") -> Customer:
    """The customer with this (lower-case) address, made if new. Two at once make one.

    The address is held until the transaction ends: a deletion waits for us, or we find nobody and make a new one.
    """
    held = CustomerAddress.objects.select_for_update(of=("self",), no_key=True)
    known = held.select_related("customer").filter(address=address).first()
    return known.customer if known else _make(address, name, language) or _existing(address)


def _make(address: str, name: str, language: str) -> Customer | None:
    try:
        with transaction.atomic():
            customer = Customer.objects.create(name=name[:200], language=language[:8])
            CustomerAddress.objects.create(customer=customer, address=address)
    except IntegrityError:
        return None  # somebody else made it a moment ago
    return customer


def _existing(address: str) -> Customer:
    return CustomerAddress.objects.select_related("customer").get(address=address).customer
