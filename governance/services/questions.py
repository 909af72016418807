"""Setting the rules by answering questions: begun from a kind of business, left and gone on with, a page at a time."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from governance.core import prose
from governance.core.clauses import Clauses
from governance.core.kinds import KINDS
from governance.core.questions import PAGES
from governance.models import EthicsPolicy, PolicyStatus
from governance.services import drafts
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id


def open_draft() -> EthicsPolicy | None:
    """The newest draft that was begun with questions. One query."""
    begun = EthicsPolicy.objects.filter(status=PolicyStatus.DRAFT).exclude(questions={})
    return begun.order_by("-version").first()


def begin(*, member: Membership, kind: str) -> EthicsPolicy:
    """A new draft: the rules of a kind of business, or with an empty kind those in force as they are.

    Raises NotAllowed, InvalidState (no such kind, or nothing in force to begin from).
    """
    with transaction.atomic():
        draft = drafts.start_draft(member=member)
        if kind:
            if kind not in KINDS:
                raise InvalidState(
                    _("There is no such kind of business."), next_step=_("Choose one from the list.")
                )
            draft.clauses = KINDS[kind].clauses.to_dict()
            draft.prose = _written(draft.clauses, kind)
        elif not EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).exists():
            raise InvalidState(
                _("No rules are in force to begin from."), next_step=_("Choose a kind of business.")
            )
        draft.questions = {"kind": kind, "pages": []}
        drafts.save_draft(policy=draft, member=member)
    return draft


def answer(*, policy: EthicsPolicy, member: Membership, page: str, rules: dict[str, Any]) -> EthicsPolicy:
    """Keep one page's answers (`rules`: plain values by rule); those of other pages stay as anybody left them.

    The customers' page is written anew as long as nobody wrote in it by hand. Raises NotAllowed, Conflict.
    """
    with transaction.atomic():
        row = drafts.locked_draft(policy=policy, member=member)
        kind = row.questions.get("kind", "")
        by_hand = row.prose != _written(row.clauses, kind)
        row.clauses = Clauses.from_dict({**row.clauses, **rules}).to_dict()
        if not by_hand:
            row.prose = _written(row.clauses, kind)
        done = {*row.questions.get("pages", []), page}
        row.questions = {"kind": kind, "pages": [one.key for one in PAGES if one.key in done]}
        drafts.save_draft(policy=row, member=member)
    return row


def write_page(*, policy: EthicsPolicy, member: Membership) -> None:
    """Write the customers' page from the answers, whatever stood there. Raises NotAllowed, Conflict."""
    with transaction.atomic():
        row = drafts.locked_draft(policy=policy, member=member)
        row.prose = _written(row.clauses, row.questions.get("kind", ""))
        drafts.save_draft(policy=row, member=member)


def is_written_by_hand(policy: EthicsPolicy) -> bool:
    """Whether the customers' page says something else than the answers make."""
    return policy.prose != _written(policy.clauses, policy.questions.get("kind", ""))


def _written(clauses: dict[str, Any], kind: str) -> str:
    organization = Organization.objects.get(pk=current_organization_id())
    with translation.override(organization.language):
        return prose.write(Clauses.from_dict(clauses), organization.name, KINDS.get(kind))
