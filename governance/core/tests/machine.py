"""A shop in a state machine: random events over the pure checks, and an oracle that knows none of their code.

Customers write, objects, are drafted for; agents approve, edit, write themselves; rules, stops, incidents, money and time
change in between; calls fail, workers and senders come twice, facts are missing, checks break.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import ClassVar, TypeVar

from governance.core.clauses import Basis, Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts, Spent, Stop
from governance.core.gates import GATES, Gate
from governance.core.judge import Judgement, judge
from governance.core.register_facts import IncidentFacts, OverrideFacts, RiskFacts
from governance.core.tests.cases import APPROVER, AUDIT, BUILT_IN, COURSE, NOW, SYSTEM
from governance.core.verdict import Verdict
from governance.core.vocabulary import EVERY_STEP, Action, ActorKind, Consent, Involvement, Purpose, StopScope

TOPICS = ("delivery", "returns", "legal", "health")
CUSTOMERS = 12
HOUR = timedelta(hours=1)
T = TypeVar("T")


class Broken(Gate):
    """A check that fails: whatever is asked while it is there must be denied."""

    code, title, asked_at = "G99", "a broken check", EVERY_STEP

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        raise RuntimeError


@dataclass
class Letter:
    """One message of a customer and its way: pending, flying, drafted, person, queued, held, answered."""

    customer: int
    topic: str
    ticket: str
    where: str = "pending"
    content: int = 0
    approved: int | None = None  # the content that a person approved
    approved_by: ActorKind | None = None
    touched: bool = False  # the AI had a hand in the answer
    disclosed: bool = True
    pressure: frozenset[str] = frozenset()
    promised: int = 0
    generous: bool = False  # rules or an exception let it pass with a warning
    sent: int = 0


class LawBrokenError(AssertionError):
    """Something left that must not, or a customer's message was lost."""


@dataclass
class Shop:
    """The world. `step()` is one event; it raises LawBrokenError where a promise is broken."""

    random: Random
    facts: Facts = field(init=False)
    said: dict[int, Consent] = field(default_factory=dict)
    humans_only: set[int] = field(default_factory=set)
    paused: set[int] = field(default_factory=set)
    letters: list[Letter] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    broken: bool = False
    written: int = 0
    answered: int = 0
    serial: int = 0

    broken_gates: ClassVar[tuple[Gate, ...]] = (*GATES, Broken())

    def __post_init__(self) -> None:
        self.facts = Facts(
            policy=PolicyFacts(version="1", published_at=NOW),
            stops=(),
            spent=Spent(),
            now=NOW,
            systems=(SYSTEM,),
            vendors=(),
            risks=(),
            audits=(replace(AUDIT, valid_until=(NOW + 4000 * HOUR).date()),),
            incidents=(),
            approver=replace(APPROVER, training=(replace(COURSE, certified_until=None, offered_since=NOW),)),
        )

    def step(self) -> None:
        """One random event, then the promises that can be checked at any moment."""
        event = self.random.choices(_EVENTS, _WEIGHTS)[0]
        self.seen[event.__name__] += 1
        event(self)
        if len(self.letters) > 60:
            self._tidy()

    # The AI's way

    def arrive(self) -> None:
        self.serial += 1
        topic = self.random.choices(TOPICS, (6, 6, 1, 1))[0]
        self.letters.append(Letter(self.random.randrange(CUSTOMERS), topic, f"ticket:{self.serial}"))
        self.written += 1

    def draft(self) -> None:
        if letter := self._one("pending"):
            letter.where = "flying" if self._ask(Action.DRAFT, letter).allowed else "person"

    def call_fails(self) -> None:
        if letter := self._one("flying"):
            letter.where = self.random.choice(("pending", "person"))

    def save(self) -> None:
        """Sometimes two workers come with the same letter; the second finds its place taken."""
        letter = self._one("flying")
        for _ in range(self.random.choice((1, 1, 2)) if letter else 0):
            assert letter
            grounded = self.random.random() < 0.9
            answer = self._ask(Action.SAVE, letter, grounded=grounded)
            allowed, warned = answer.allowed, {one.code for one in answer.warnings}
            if allowed and not grounded and "G15" not in warned:
                raise LawBrokenError("a draft without any source was saved")
            if letter.where == "flying":
                letter.where = "drafted" if allowed else "person"

    def approve(self) -> None:
        letter = self._one("drafted")
        if letter is None:
            return
        letter.content = self.random.randrange(10**6)
        letter.touched, letter.disclosed = True, self.random.random() < 0.95
        letter.pressure = frozenset({"hurry"}) if self.random.random() < 0.05 else frozenset()
        letter.promised = 10**9 if self.random.random() < 0.05 else 0
        kind = self.random.choices(list(ActorKind), (20, 1, 1, 1, 1))[0]
        answer = self._ask(Action.APPROVE, letter, actor_kind=kind)
        letter.generous = "G17" in {one.code for one in answer.warnings}
        if answer.allowed:
            letter.where, letter.approved, letter.approved_by = "queued", letter.content, kind

    def slip_in(self) -> None:
        """A queued text is exchanged after its approval, or its approval is taken back."""
        if letter := self._one("queued"):
            if self.random.random() < 0.5:
                letter.content += 1
            else:
                letter.approved = None

    def send(self) -> None:
        """Sometimes two senders come with the same answer."""
        letter = self._one("queued") or self._one("held")
        for _ in range(self.random.choice((1, 1, 2)) if letter else 0):
            assert letter
            if letter.where not in {"queued", "held"}:
                continue
            fits = letter.approved == letter.content
            answer = self._ask(Action.SEND, letter, human_approval=fits, disclosure_present=letter.disclosed)
            if answer.allowed:
                self._must_be_lawful(letter, answer)
                self._leave(letter)
            else:
                letter.where = "held"

    # A person's way

    def write_alone(self) -> None:
        """Whatever the rules, a person's own words leave; also instead of a draft, or of what is held."""
        letter = self._one("person") or self._one("held") or self._one("drafted")
        if letter is None:
            return
        letter.touched = False
        if not self._ask(Action.SEND, letter).allowed:
            raise LawBrokenError("a person's own words were held back")
        self._leave(letter)

    # What changes in between

    def choose(self) -> None:
        customer = self.random.randrange(CUSTOMERS)
        for kept in (self.humans_only, self.paused):
            (kept.add if self.random.random() < 0.15 else kept.discard)(customer)
        self.said[customer] = self.random.choices(list(Consent), (6, 1, 1, 8))[0]

    def change_rules(self) -> None:
        clauses = Clauses(
            basis=self.random.choices(list(Basis), (4, 1))[0],
            human_only_topics=self.random.choice((("legal", "health"), ("returns",), ())),
            warn_only=frozenset(self.random.sample([one.code for one in GATES], 2)),
            overridable=self.random.choice((frozenset(), Clauses().overridable)),
        )
        now = self.facts.now or NOW
        policy = PolicyFacts(version=str(self.serial), published_at=now, clauses=clauses)
        later = replace(policy, effective_at=now + HOUR)
        self._set(policy=self._seldom(self.random.choice((None, later)), policy))

    def stop_or_lift(self) -> None:
        scope = self.random.choice(list(StopScope))
        key = {
            StopScope.SYSTEM: BUILT_IN.provider,
            StopScope.TOPIC: self.random.choice(TOPICS),
            StopScope.TICKET: f"ticket:{self.random.randrange(self.serial + 1)}",
        }.get(scope)
        self._set(stops=self.random.choice(((), (), (), (Stop(scope=scope, key=key),))))

    def change_registers(self) -> None:
        topic, now = self.random.choice(("", *TOPICS)), self.facts.now or NOW
        self._set(
            incidents=self._seldom((IncidentFacts(title="A leak", topic=topic),), ()),
            risks=self._seldom((RiskFacts(title="A leak", score=25),), ()),
            systems=self._seldom((replace(SYSTEM, state="shadow"),), (SYSTEM,)),
            spent=Spent(drafts_today=self._seldom(1_000, 0)),
            audits=(replace(AUDIT, valid_until=(now + self._seldom(-24, 240) * HOUR).date()),),
            approver=replace(
                APPROVER, training=(replace(COURSE, certified_until=(now + 240 * HOUR).date()),)
            ),
        )

    def except_for_a_while(self) -> None:
        until = (self.facts.now or NOW) + self.random.randrange(1, 48) * HOUR
        code = self.random.choice(("G04", "G20", "G06", "G13"))
        self._set(overrides=(OverrideFacts(id=self.serial, gate=code, until=until),))

    def time_passes(self) -> None:
        self._set(now=(self.facts.now or NOW) + HOUR)

    def forget_a_fact(self) -> None:
        """For a moment something cannot be read; it comes back with the next event of its kind."""
        name = self.random.choice(("stops", "spent", "systems", "risks", "incidents"))
        self._set(**{name: None})

    def break_or_mend(self) -> None:
        self.broken = self.random.random() < 0.1

    # How it is asked and checked

    def _ask(self, action: Action, letter: Letter, **told: object) -> Judgement:
        person = action is Action.SEND and not letter.touched
        request = GateRequest(
            action=action,
            topic=letter.topic,
            subject=letter.ticket,
            language="en",
            system=BUILT_IN,
            fields=frozenset({"message"}),
            ai_involvement=Involvement.NONE if person else Involvement.EDITED,
            provenance_complete=True,
            second_look=False,
            pressure=letter.pressure,
            promised_micro=letter.promised,
        )
        facts = replace(
            self.facts,
            consents={Purpose.AI_ASSIST: self.said.get(letter.customer, Consent.NONE)},
            prefers_human=letter.customer in self.humans_only,
            restricted=letter.customer in self.paused,
        )
        answer = judge(replace(request, **told), facts, self.broken_gates if self.broken else GATES)  # type: ignore[arg-type]
        if self.broken and not person and answer.allowed:
            raise LawBrokenError("a broken check let something pass")
        self.seen["allowed" if answer.allowed else "denied"] += 1
        return answer

    def _must_be_lawful(self, letter: Letter, answer: Judgement) -> None:
        """The promises in plain conditions, written down without looking at a check."""
        policy, now, stops = self.facts.policy, self.facts.now, self.facts.stops
        said = self.said.get(letter.customer, Consent.NONE)
        gave_way = {one.code for one in answer.warnings}
        promises: dict[str, bool] = {
            "rules in force": policy is not None
            and (policy.effective_at is None or policy.effective_at <= (now or NOW)),
            "the customer's no": said not in {Consent.REFUSED, Consent.OBJECTED},
            "asked first": said is Consent.GRANTED
            or (policy is not None and policy.clauses.basis is not Basis.ASK_FIRST),
            "people only": letter.customer not in self.humans_only,
            "paused": letter.customer not in self.paused,
            "stopped": stops is not None and not any(_is_stopped(one, letter) for one in stops),
            "approved as it is": letter.approved is not None and letter.approved == letter.content,
            "approved by a person": letter.approved_by is ActorKind.PERSON,
            "told": letter.disclosed,
            "no pressure": not letter.pressure or "G21" in gave_way,
            "no gift above the rules": not letter.promised or letter.generous,
            "incident": "G20" in gave_way
            or not any(not one.topic or one.topic == letter.topic for one in self.facts.incidents or ()),
            "topic": "G08" in gave_way
            or policy is None
            or letter.topic not in policy.clauses.human_only_topics,
            "warned only where rules or an exception say so": policy is not None
            and gave_way <= policy.clauses.warn_only | policy.clauses.overridable | {"G14"},
        }
        for name, kept in promises.items():
            if not kept:
                raise LawBrokenError(name)

    def _leave(self, letter: Letter) -> None:
        letter.sent += 1
        self.answered += 1
        letter.where = "answered"
        self.seen["sent with AI" if letter.touched else "sent by a person alone"] += 1
        if letter.sent > 1:
            raise LawBrokenError("an answer left twice")

    def _one(self, where: str) -> Letter | None:
        found = [one for one in self.letters if one.where == where]
        return self.random.choice(found) if found else None

    def _seldom(self, trouble: T, usual: T) -> T:
        return trouble if self.random.random() < 0.12 else usual

    def _set(self, **changes: object) -> None:
        self.facts = replace(self.facts, **changes)  # type: ignore[arg-type]

    def _tidy(self) -> None:
        self.letters = [one for one in self.letters if one.where != "answered"]
        while len(self.letters) > 60:
            self.close()
            self.letters = [one for one in self.letters if one.where != "answered"]

    def close(self) -> None:
        """The day's end: people answer what is left; every letter that ever came must be there to be answered."""
        for letter in self.letters:
            if letter.where != "answered":
                letter.touched = False
                if not self._ask(Action.SEND, letter).allowed:
                    raise LawBrokenError("a person's own words were held back")
                self._leave(letter)
        if self.written != self.answered:
            raise LawBrokenError("a customer's message was lost")


def _is_stopped(stop: Stop, letter: Letter) -> bool:
    reaches = {
        StopScope.SYSTEM: stop.key == BUILT_IN.provider,
        StopScope.TOPIC: stop.key == letter.topic,
        StopScope.TICKET: stop.key == letter.ticket,
    }
    return reaches.get(stop.scope, True)


_PLAYED: dict[Callable[[Shop], None], float] = {
    Shop.arrive: 10,
    Shop.draft: 12,
    Shop.save: 12,
    Shop.approve: 12,
    Shop.send: 12,
    Shop.write_alone: 5,
    Shop.call_fails: 1,
    Shop.slip_in: 0.4,
    Shop.choose: 1,
    Shop.change_rules: 0.5,
    Shop.stop_or_lift: 0.7,
    Shop.change_registers: 0.7,
    Shop.except_for_a_while: 0.3,
    Shop.time_passes: 0.7,
    Shop.forget_a_fact: 0.1,
    Shop.break_or_mend: 0.3,
}
_EVENTS, _WEIGHTS = list(_PLAYED), list(_PLAYED.values())
