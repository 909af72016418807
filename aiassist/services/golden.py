"""Test questions of an organization: made from solved tickets, run through the one way out, and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aiassist import egress
from aiassist.core import redact, rubric, sensitive
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft, Tone
from aiassist.core.people import KnownPerson
from aiassist.core.prompts import VERSION
from aiassist.core.providers.base import Provider, ProviderError
from aiassist.core.rubric import Golden, Judged
from aiassist.core.topics import policy_topics
from aiassist.evaluation.drafts import Sources, judge_one, starter_shelf
from aiassist.evaluation.starter_tickets import QUESTIONS
from aiassist.models import AIService, Draft, GoldenRun, GoldenTicket
from aiassist.reading import rules
from aiassist.retrieval import shelf_for_inbox
from aiassist.selectors import newest_inbound
from aiassist.services import prompting, services
from governance import gate, ledger
from governance.core.facts import GateRequest
from governance.core.vocabulary import Action, ActorKind, Purpose
from governance.models import AIDecision, AISystem, Stage, VersionState
from governance.services import decisions, systems
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Customer, Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Ticket

#: An outside service is asked less of the release's set: each call costs money.
STARTER_OUTSIDE = QUESTIONS[::4]
TIMEOUT = 30.0
MOST = 200
FIELDS = frozenset({"subject", "message", "language"})


@dataclass(frozen=True)
class Begun:
    """What the form of a test question begins with. `words`: the customer's words may be used for it."""

    question: str
    subject: str
    language: str
    sources: tuple[str, ...]
    words: bool


def begin(*, ticket: Ticket) -> Begun:
    """A test question from a ticket: masked, and without the customer's words where they did not agree to that."""
    message = newest_inbound(ticket)
    draft = Draft.objects.filter(message=message).first() if message else None
    sources = tuple(dict.fromkeys(one["title"] for one in draft.sources)) if draft else ()
    language = ticket.language or ticket.organization.language
    if message is None or not _may_use(ticket):
        return Begun("", "", language, sources, words=False)
    customer = ticket.customer
    known = (KnownPerson(customer.name, tuple(customer.addresses.values_list("address", flat=True))),)
    subject = redact.mask(message.subject or ticket.subject, known=known)
    body = redact.mask(message.text, known=known, mapping=subject.mapping)
    return Begun(body.text, subject.text, language, sources, words=True)


def _may_use(ticket: Ticket) -> bool:
    """Ask every check whether this customer's words may become a test question. It is on record either way."""
    request = GateRequest(
        action=Action.REUSE,
        purpose=Purpose.IMPROVE,
        topic=ticket.topic or None,
        human_only_topics_found=policy_topics(sensitive.topics(ticket.subject)),
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=ticket.language or None,
        fields=FIELDS,
        actor_kind=ActorKind.PERSON,
        stays_inside=True,
    )
    return gate.check(request, subject_kind="ticket", subject_id=ticket.pk, customer=ticket.customer).allowed


def save(*, row: GoldenTicket, member: Membership, ticket: Ticket | None = None) -> GoldenTicket:
    """Store a test question. `ticket`: it was begun from that one, and goes with its customer's yes.

    Raises NotAllowed, InvalidState (nothing to hold a draft against, too many, or the customer said no meanwhile).
    """
    _require_right(member)
    if not row.question.strip():
        raise InvalidState(_("There is no question in it."))
    if row.answer and not (row.must_say or row.sources):
        raise InvalidState(
            _("Nothing says what a good draft would be."),
            next_step=_("Write what it has to say, or which article it has to name."),
        )
    if not row.pk and GoldenTicket.objects.filter(removed_at=None).count() >= MOST:
        raise InvalidState(_("There are %(most)s test questions; that is enough.") % {"most": MOST})
    with transaction.atomic():
        if ticket is not None:
            # Held, so that a no at the same moment comes before this or takes this with it.
            row.customer = Customer.objects.select_for_update().get(pk=ticket.customer_id)
            if not _may_use(ticket):
                raise InvalidState(
                    _("The customer has not agreed that their words are used for this."),
                    next_step=_("Write the question in your own words."),
                )
        row.created_by = row.created_by or member
        row.save()
        _note("test_question_saved", row, member)
    return row


def remove(*, row: GoldenTicket, member: Membership) -> None:
    """Leave it out from now on; it can be put back. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        GoldenTicket.objects.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now())
        _note("test_question_removed", row, member)


def put_back(*, row: GoldenTicket, member: Membership) -> None:
    """It counts again. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        GoldenTicket.objects.filter(pk=row.pk).update(removed_at=None)
        _note("test_question_saved", row, member)


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer writes test questions."), next_step=_("Ask one of them.")
        )


def _note(event: str, row: GoldenTicket, member: Membership) -> None:
    ledger.record(
        event,
        actor=ledger.actor_name(member),
        object_ref=f"test_question:{row.pk}",
        payload={"is_own": not row.customer_id},
    )


# A run


@dataclass(frozen=True)
class Ran:
    """What became of one run: the row, or why there is none."""

    run: GoldenRun | None = None
    why_not: str = ""


@dataclass(frozen=True)
class _Task:
    golden: Golden
    sources: Sources
    decision_id: int


@dataclass(frozen=True)
class _Plan:
    provider: Provider
    tasks: tuple[_Task, ...]
    extra: dict[str, Any]


def run(organization_id: UUID, service_id: int | None = None, version: str = "") -> Ran:
    """Let one AI answer every test question with this wording, and keep what it made of them, compared.

    Opens its own scopes; calls are made outside of them. Compared with the newest run of the same questions by what
    serves now: the same AI with the wording in use, or, for a new AI, the one that drafts. Raises nothing of a service.
    """
    with organization_scope(organization_id):
        service = AIService.objects.get(pk=service_id) if service_id else None
        version = version or prompting.in_use()
        try:
            plan, why_not = _plan(service, version)
        except ProviderError as refused:  # its address may not be reached any more
            return Ran(why_not=_(refused.text))
    if plan is None:
        return Ran(why_not=why_not)
    spent = _Spent()
    try:
        judged = [_answer(organization_id, plan, one, spent) for one in plan.tasks]
    except ProviderError as error:
        with organization_scope(organization_id):
            spent.settle()
        return Ran(why_not=_(error.text))
    with organization_scope(organization_id), transaction.atomic():
        spent.settle()
        return Ran(_keep(plan.provider, version, [one.golden for one in plan.tasks], judged))


def _plan(service: AIService | None, version: str) -> tuple[_Plan | None, str]:
    """Ask the checks: once for what nobody's words are in, once for each question with a customer's."""
    provider = egress.provider_for(service)
    clauses = rules()
    shelf = shelf_for_inbox(0)
    own = Sources(shelf.passages, shelf.vectors, getattr(shelf, "titles", None))
    rows = list(GoldenTicket.objects.filter(removed_at=None).select_related("customer").order_by("pk"))
    starter = QUESTIONS if service is None else STARTER_OUTSIDE
    nobody = [row for row in rows if row.customer_id is None]
    answer = _ask(provider, service, version, len(starter) + len(nobody))
    if not answer.allowed:
        return None, f"{answer.reason} {answer.next_step}".strip()
    tasks = [_Task(one, starter_shelf(), answer.decision.pk) for one in starter]
    tasks += [_Task(_golden(row), own, answer.decision.pk) for row in nobody]
    for row in rows:
        if row.customer_id is not None:
            allowed = _ask(provider, service, version, 1, row)
            if allowed.allowed:
                tasks.append(_Task(_golden(row), own, allowed.decision.pk))
    extra = {
        "tone": Tone(clauses.tone.value),
        "values": clauses.values,
        "prompt": version,
        "business_name": Organization.objects.get(pk=answer.decision.organization_id).name,
    }
    return _Plan(provider, tuple(tasks), extra), ""


def _ask(
    provider: Provider, service: AIService | None, version: str, calls: int, row: GoldenTicket | None = None
) -> gate.Answer:
    if service is not None:
        systems.register(provider=provider.name, model=provider.model, prompt_hash=version, name=service.name)
    text = f"{row.subject}\n{row.question}" if row else ""
    request = GateRequest(
        action=Action.EVALUATE,
        purpose=Purpose.IMPROVE if row else Purpose.AI_ASSIST,
        concerns_customer=row is not None,
        customer_known=True if row else None,
        human_only_topics_found=policy_topics(sensitive.topics(text)),
        language=row.language if row else "en",
        system=egress.system_ref(provider, version),
        fields=FIELDS if row else frozenset(),
        estimated_cost_micro=calls * egress.estimated_cost(service, 400),
        stays_inside=not provider.is_external,
    )
    customer = row.customer if row else None
    subject_id = row.pk if row else 0
    return gate.check(request, subject_kind="evaluation", subject_id=subject_id, customer=customer)


def _golden(row: GoldenTicket) -> Golden:
    return Golden(
        key=f"own-{row.pk}",
        question=row.question,
        subject=row.subject,
        language=row.language,
        must_say=tuple(row.must_say),
        must_not_say=tuple(row.must_not_say),
        sources=tuple(row.sources),
        answer=row.answer,
        still_open=row.still_open,
    )


class _Spent:
    """What the calls of a run cost, by the decision that allowed them."""

    def __init__(self) -> None:
        self.by_decision: dict[int, list[int]] = {}

    def add(self, decision_id: int, result: DraftResult | NoDraft) -> None:
        """One call."""
        sums = self.by_decision.setdefault(decision_id, [0, 0, 0])
        for place, value in enumerate((result.tokens_in, result.tokens_out, result.cost_micro)):
            sums[place] += value

    def settle(self) -> None:
        """On each decision and in the day's sum; no draft was written for anybody."""
        for decision_id, (tokens_in, tokens_out, micro) in self.by_decision.items():
            decisions.add_cost(
                decision=AIDecision(pk=decision_id),
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost_micro=micro,
                drafts=0,
            )


def _answer(organization_id: UUID, plan: _Plan, task: _Task, spent: _Spent) -> Judged:
    """Masked once more at the way out: whoever wrote the question may have forgotten a name in it."""
    subject = redact.mask(task.golden.subject)
    body = redact.mask(task.golden.question, mapping=subject.mapping)
    golden = replace(task.golden, subject=subject.text, question=body.text)

    def write(request: DraftRequest) -> DraftResult | NoDraft:
        result = egress.call_draft(
            plan.provider,
            request,
            organization_id=organization_id,
            decision_id=task.decision_id,
            timeout=TIMEOUT,
        )
        spent.add(task.decision_id, result)
        return result

    return judge_one(write, golden, task.sources, **plan.extra)


def _keep(provider: Provider, version: str, goldens: Sequence[Golden], judged: Sequence[Judged]) -> GoldenRun:
    system = egress.system_ref(provider, version).key
    rows = rubric.rows(judged, goldens)
    before = _serving(system, version)
    worse = rubric.compared(before.figures["rows"], rows) if before else None
    return GoldenRun.objects.create(
        system=system,
        prompt_hash=version,
        set_hash=rubric.set_hash(goldens),
        figures={**rubric.figures(judged), "rows": rows},
        worse=worse or [],
        than=f"{before.system} {before.prompt_hash}" if before and worse is not None else "",
    )


def _serving(system: str, version: str) -> GoldenRun | None:
    """The newest run by what serves now: the same AI with the wording in use, or the AI that drafts."""
    now = prompting.in_use()
    if version == now:
        system = egress.system_ref(_drafting(), now).key
    return GoldenRun.objects.filter(system=system, prompt_hash=now).order_by("-pk").first()


def _drafting() -> Provider:
    """What drafts now: the built-in assistant also where the chosen service may not be reached any more."""
    try:
        return egress.provider_for(services.in_use())
    except ProviderError:
        return egress.provider_for(None)


def check_service(organization_id: UUID, service_id: int) -> Ran:
    """The test questions for an outside service that is being tested; its result stands beside its other tests.

    The AI that drafts now answers them first, so that there is something to compare with.
    """
    with organization_scope(organization_id):
        service = services.in_use()
        serving = service.pk if service else None
    if serving != service_id:
        run(organization_id, serving)
    ran = run(organization_id, service_id)
    with organization_scope(organization_id):
        _note_results(AIService.objects.get(pk=service_id), ran)
    return ran


def _note_results(service: AIService, ran: Ran) -> None:
    version = services.version_of(service)
    if version is None or version.state != VersionState.SHADOW:
        return
    found: dict[str, Any] = {"why_not": ran.why_not}
    if ran.run is not None:
        figures = ran.run.figures
        found = {
            "n": figures["n"],
            "passed": figures["passed"],
            "worse": ran.run.worse,
            "than": ran.run.than,
        }
    systems.note_results(version=version, results={**version.results, "golden": found})


def settle(organization_id: UUID) -> bool:
    """A new release's wording: let every AI in use answer with it and with the one before, and take it where nothing
    became worse. True where it was taken; where it did worse, or could not be tried, a person decides."""
    with organization_scope(organization_id):
        prompting.start()
        if not prompting.waits():
            return False
        service, now = services.in_use(), prompting.in_use()
        follows = not AISystem.objects.filter(
            follows_release=False, stage__in=(Stage.PILOT, Stage.LIVE)
        ).exists()
    tried = [
        run(organization_id, one, version)
        for one in dict.fromkeys((None, service.pk if service else None))
        for version in (now, VERSION)
    ]
    with organization_scope(organization_id):
        worse = prompting.worse_than_in_use(VERSION)
        return follows and all(one.run for one in tried) and prompting.take_if_as_good(worse)


def run_in_use(organization_id: UUID, version: str = "") -> str:
    """The AI that drafts answers, first with the wording in use if another one is asked for. Why not, or ""."""
    with organization_scope(organization_id):
        service, now = services.in_use(), prompting.in_use()
        pk = service.pk if service else None
    if version and version != now and not (first := run(organization_id, pk, now)).run:
        return first.why_not
    return run(organization_id, pk, version).why_not


def run_for_slug(slug: str) -> dict[str, object] | None:
    """For the command: every AI in use on an organization's questions; None where there is no such organization."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return None
    with organization_scope(organization.pk):
        service = services.in_use()
    runs = [run(organization.pk, one) for one in dict.fromkeys((None, service.pk if service else None))]
    return {"organization": slug, "runs": [_said(one) for one in runs]}


def _said(ran: Ran) -> dict[str, object]:
    if ran.run is None:
        return {"why_not": ran.why_not}
    figures = {name: value for name, value in ran.run.figures.items() if name != "rows"}
    return {
        "system": ran.run.system,
        "version": ran.run.prompt_hash,
        "set": ran.run.set_hash,
        **figures,
        "worse": ran.run.worse,
        "than": ran.run.than,
    }
