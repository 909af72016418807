"""What the assistant says of itself to customers: whose words these are, and why a person answers instead."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Why a person answers. The checks speak to the team; a customer is told no more than concerns them.
WHY: dict[str, Promise] = {
    "unknown": gettext_lazy("I do not know. None of our articles answers this."),
    "topic": gettext_lazy("Only people answer questions like this here."),
    "choice": gettext_lazy("You have not agreed to answers by AI, so I say nothing."),
    "without_ai": gettext_lazy("You asked to be answered without AI, so I say nothing."),
    "stopped": gettext_lazy("I am switched off at the moment."),
    "asked": gettext_lazy("You asked for a person."),
    "language": gettext_lazy("I do not answer in this language yet."),
    "held": gettext_lazy("I found something, but cannot show well enough where it comes from."),
    "rules": gettext_lazy("Our rules do not let me answer this."),
    "late": gettext_lazy("That took too long, so I stopped looking."),
}
#: The check that speaks -> what the customer is told. Others: "rules".
BY_CHECK = {
    "G06": "choice",
    "G07": "without_ai",
    "G08": "topic",
    "G13": "stopped",
    "G14": "stopped",
    "G15": "held",
    "G17": "topic",
    "G20": "stopped",
    "G21": "held",
    "G22": "held",
}


def label() -> str:
    """Said before the first word of every answer."""
    return _("The assistant, an AI, not a person:")


def why(key: str) -> str:
    """The reason in the reader's language."""
    return str(WHY.get(key, WHY["rules"]))
