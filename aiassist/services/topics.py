"""Topics where the AI does worse than no AI are proposed to be left to people; a person decides, and the rules change
by their normal way: a draft of a new version, which protects more and is published like any other."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aiassist.learned_models import ProposalState
from aiassist.models import TopicProposal
from aiassist.reading import rules
from aiassist.topics_judged import TopicFigures, figures, worse_than_no_ai
from governance import ledger
from governance.core.clauses import Clauses
from governance.core.topics import topic_key
from governance.models import PolicyStatus
from governance.services import drafts
from helpdesk.errors import Conflict, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: A topic that somebody decided on is left alone for so long.
REST = timedelta(days=90)


def since(now: datetime | None = None) -> datetime:
    """The figures reach back as far as the rules keep AI records."""
    return (now or timezone.now()) - timedelta(days=rules().ai_log_days)


def propose() -> list[TopicProposal]:
    """Propose what the figures show; a topic that people answer already, or was decided on lately, is left out."""
    clauses = rules()
    people = {topic_key(one) for one in clauses.human_only_topics}
    waiting = set(TopicProposal.objects.filter(state=ProposalState.OPEN).values_list("topic", flat=True))
    rested = set(
        TopicProposal.objects.filter(decided_at__gt=timezone.now() - REST).values_list("topic", flat=True)
    )
    made = []
    for one in figures(since()):
        if not one.topic or topic_key(one.topic) in people or one.topic in waiting | rested:
            continue
        if reasons := worse_than_no_ai(one, clauses.person_wish_percent):
            made.append(_keep(one, reasons))
    return made


def _keep(one: TopicFigures, reasons: list[dict[str, object]]) -> TopicProposal:
    found = {"counts": dict(one.counts), "ai": asdict(one.ai), "alone": asdict(one.alone)}
    with transaction.atomic():
        row = TopicProposal.objects.create(topic=one.topic, reasons=reasons, figures=found)
        _note("topic_proposed", row, None)
    return row


def accept(*, proposal: TopicProposal, member: Membership, note: str = "") -> TopicProposal:
    """Yes: a new version of the rules is begun in which only people answer this topic; it still has to be published.

    Raises NotAllowed, Conflict (somebody decided meanwhile).
    """
    _require_right(member)
    with transaction.atomic():
        row = _open(proposal)
        policy = drafts.start_draft(member=member)
        clauses = Clauses.from_dict(policy.clauses)
        topics = dict.fromkeys((*clauses.human_only_topics, topic_key(row.topic)))
        policy.clauses = {**policy.clauses, "human_only_topics": list(topics)}
        policy.is_major = False
        policy.summary = _("Only people answer “%(topic)s”, because the AI did worse there than no AI.") % {
            "topic": row.topic
        }
        drafts.save_draft(policy=policy, member=member)
        row.policy = policy
        return _decide(row, ProposalState.ACCEPTED, member, note)


def decline(*, proposal: TopicProposal, member: Membership, note: str = "") -> TopicProposal:
    """No: the AI goes on there, and nobody is asked again for a while. Raises NotAllowed, Conflict."""
    _require_right(member)
    with transaction.atomic():
        return _decide(_open(proposal), ProposalState.DECLINED, member, note)


def take_back(*, proposal: TopicProposal, member: Membership) -> TopicProposal:
    """It waits for a decision again; a version that was begun and not published yet is thrown away.

    Raises NotAllowed, Conflict (the version is published: the rules are changed like any rule).
    """
    _require_right(member)
    with transaction.atomic():
        row = TopicProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if row.state == ProposalState.OPEN:
            return row
        if row.policy is not None and row.policy.status != PolicyStatus.DRAFT:
            raise Conflict(
                _("The new version of the rules is published."),
                next_step=_("Start a new version to change it back."),
            )
        policy, row.policy = row.policy, None
        row.state, row.decided_at, row.decided_by = ProposalState.OPEN, None, None
        row.save()
        if policy is not None:
            drafts.discard_draft(policy=policy, member=member)
        _note("topic_decision_taken_back", row, member)
    return row


def _decide(row: TopicProposal, state: ProposalState, member: Membership, note: str) -> TopicProposal:
    row.state, row.decided_by, row.decided_at, row.note = state, member, timezone.now(), note.strip()[:300]
    row.save()
    _note("topic_decided", row, member)
    return row


def _open(proposal: TopicProposal) -> TopicProposal:
    row = TopicProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.state != ProposalState.OPEN:
        raise Conflict(_("Somebody has decided on this already."), next_step=_("Look at what was decided."))
    return row


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer decides which topics people answer."),
            next_step=_("Ask one of them."),
        )


def _note(event: str, row: TopicProposal, member: Membership | None) -> None:
    ledger.record(
        event,
        actor=ledger.actor_name(member),
        object_ref=f"topic_proposal:{row.pk}",
        payload={"state": row.state, "reasons": [one["key"] for one in row.reasons]},
    )
