"""Which wording of its instructions an AI is given: the release's, unless it did worse here or a person went back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from aiassist.core.prompts import VERSION, WORDINGS
from aiassist.models import GoldenRun, PromptChoice
from governance import ledger
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

FIRST = gettext_noop("The wording that this release came with.")
AS_GOOD = gettext_noop("A new release's wording, as good on every test question as the one before.")


def in_use() -> str:
    """The version of the wording that counts now. One query.

    The newest choice; the release's own where nobody chose yet, or where the chosen one is no longer shipped.
    """
    newest = PromptChoice.objects.order_by("-pk").values_list("prompt_hash", flat=True).first()
    return newest if newest in WORDINGS else VERSION


def waits() -> bool:
    """Whether the release's wording is not in use and nobody ever decided on it. Two queries at most."""
    return in_use() != VERSION and not PromptChoice.objects.filter(prompt_hash=VERSION).exists()


def worse_than_in_use(version: str) -> list[str]:
    """What the newest run with this wording did worse than the one that served, for any AI. One query."""
    newest = GoldenRun.objects.filter(prompt_hash=version).order_by("system", "-pk").distinct("system")
    return sorted({what for run in newest for what in run.worse})


def start() -> None:
    """Write down which wording counts, so that the next release's does not come into use by itself. Idempotent."""
    with transaction.atomic():
        if not PromptChoice.objects.exists():
            _keep(VERSION, None, FIRST, [])


def take_if_as_good(worse: list[str]) -> bool:
    """A new release's wording comes into use by itself only where it did nothing worse; False where it did not."""
    with transaction.atomic():
        if worse or not waits():
            return False
        _keep(VERSION, None, AS_GOOD, [])
    return True


def choose(*, version: str, member: Membership, reason: str = "") -> PromptChoice:
    """A person's decision: this wording from now on, also one that did worse, if they say why; or back to an earlier.

    Raises NotAllowed, InvalidState (not shipped, in use already, or worse and no reason given).
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer decides what the AI is told."), next_step=_("Ask one of them.")
        )
    if version not in WORDINGS:
        raise InvalidState(_("This release does not have that wording."))
    with transaction.atomic():
        start()
        list(PromptChoice.objects.select_for_update(of=("self",)).order_by("-pk")[:1])
        if version == in_use():
            raise InvalidState(_("This wording is in use already."))
        worse = worse_than_in_use(version)
        if worse and not reason.strip():
            raise InvalidState(
                _("It does worse on your test questions."),
                next_step=_("Say in a sentence why you use it anyway."),
            )
        return _keep(version, member, reason.strip(), worse)


def _keep(version: str, member: Membership | None, reason: str, despite: list[str]) -> PromptChoice:
    row = PromptChoice.objects.create(
        prompt_hash=version, member=member, reason=reason[:300], despite=despite
    )
    ledger.record(
        "instructions_chosen",
        actor=ledger.actor_name(member),
        object_ref=f"instructions:{row.pk}",
        payload={"version": version, "worse": despite},
    )
    return row
