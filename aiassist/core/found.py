"""A place in a text, and the words around it that say what a number is not."""

from __future__ import annotations

import re
from typing import NamedTuple


class Found(NamedTuple):
    """A place in a text and what stands there."""

    start: int
    end: int
    kind: str


_ORDER_WORD = (
    r"(?:orders?|invoices?|bookings?|reservations?|tracking|tickets?|cases?|ref(?:erence)?s?|parcels?|shipments?|article|item"
    r"|sku|serial|model|flights?|customer|account|transaction|confirmation|product|voucher|order-?id|rma|isbn|ean|pnr"
    r"|bestell\w*|auftrags?\w*|rechnungs?\w*|buchungs?\w*|sendungs?\w*|vorgangs?\w*|kunden\w*|artikel\w*|paket\w*"
    r"|lieferschein\w*|flug\w*|commandes?|factures?|réservations?|colis|suivi|dossiers?|référence|billets?|vol"
    r"|pedidos?|facturas?|reservas?|env[ií]os?|seguimiento|art[ií]culo|vuelo|ordine|fattura|bestelling|factuur|encomenda)"
)
_ORDER_BEFORE = re.compile(
    rf"(?<!\w){_ORDER_WORD}(?:[\s\-_]*(?:n(?:umber|ummer|um[ée]ro|[úu]mero|r|o|º|°)?|id|code))?"
    r"[\s.:#º°=\-(]*(?:is|was|lautet|ist|est|es|are|of|number|nummer)?[\s.:#(\"']*$|#\s?$",
    re.IGNORECASE,
)


def after_order_word(text: str, start: int) -> bool:
    """Whether the number at `start` is introduced as an order, invoice, booking ... number."""
    return _ORDER_BEFORE.search(text[max(0, start - 48) : start]) is not None
