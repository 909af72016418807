"""Per topic: how drafts did against answers that people wrote alone, and where the AI does worse than no AI.

Each figure has its count and a 95 % interval, or says why it was not measured. Nothing here is about one colleague.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from aiassist.core.drafts import gettext_noop
from governance.figures import Measured, in_words
from governance.statistics import Z95, Cell, newcombe, wilson

#: Fewer rows than this give no figure.
ENOUGH = 10
#: A topic where surely fewer drafts than this are used costs more reading than it saves writing.
USED_AT_LEAST = 0.25

_ANSWERS = """
SELECT topic, count(*) FILTER (WHERE became = 'used'), count(*) FILTER (WHERE became = 'edited'),
    count(*) FILTER (WHERE became = 'rejected'), count(*) FILTER (WHERE became = 'ignored'),
    count(*) FILTER (WHERE became = 'none'),
    (array_agg(changed ORDER BY id DESC) FILTER (WHERE changed IS NOT NULL))[1:2000],
    (array_agg(wait_seconds ORDER BY id DESC) FILTER (WHERE became IN ('used', 'edited')))[1:2000],
    (array_agg(wait_seconds ORDER BY id DESC) FILTER (WHERE became NOT IN ('used', 'edited')))[1:2000]
FROM aiassist_answerfact WHERE created_at >= %(since)s GROUP BY topic ORDER BY count(*) DESC, topic
"""
_REQUESTS = """
WITH asked AS (
    SELECT topic, ticket_id, bool_or(became IN ('used', 'edited')) AS ai, min(created_at) AS first
    FROM aiassist_answerfact WHERE created_at >= %(since)s GROUP BY 1, 2),
said AS (SELECT DISTINCT ON (subject_id) subject_id, value FROM governance_outcomefact
    WHERE event = 'satisfied' AND created_at >= %(since)s ORDER BY subject_id, id DESC),
back AS (SELECT DISTINCT subject_id FROM governance_outcomefact
    WHERE event = 'reopened' AND created_at >= %(since)s),
looked AS (SELECT DISTINCT m.ticket_id FROM governance_datarequest d JOIN tickets_message m ON m.id = d.subject_id
    WHERE d.kind = 'human_review' AND d.subject_kind = 'message' AND d.created_at >= %(since)s),
person AS (SELECT customer_id, max(created_at) AS at FROM governance_consent
    WHERE purpose = 'humans_only' AND state = 'granted' AND created_at >= %(since)s GROUP BY 1)
SELECT asked.topic, asked.ai, count(*), count(said.value), coalesce(sum(said.value), 0),
    count(back.subject_id), count(*) FILTER (WHERE looked.ticket_id IS NOT NULL OR person.at >= asked.first)
FROM asked JOIN tickets_ticket t ON t.id = asked.ticket_id
LEFT JOIN said ON said.subject_id = asked.ticket_id LEFT JOIN back ON back.subject_id = asked.ticket_id
LEFT JOIN looked ON looked.ticket_id = asked.ticket_id LEFT JOIN person ON person.customer_id = t.customer_id
GROUP BY 1, 2
"""

#: Why the AI does worse than no AI here, as an English sentence; the numbers are filled in.
REASONS = {
    "unused": gettext_noop(
        "Only %(share)s of %(n)s drafts were used: reading them costs more than it saves."
    ),
    "person": gettext_noop(
        "%(share)s of %(n)s customers asked for a person; your rules propose people from %(limit)s on."
    ),
    "less_right": gettext_noop(
        "%(share)s of %(n)s customers said that the answer was right; without AI it is %(alone)s."
    ),
    "reopened": gettext_noop("%(share)s of %(n)s requests came back; without AI it is %(alone)s."),
}


@dataclass(frozen=True)
class Requests:
    """Requests of one topic, with or without AI in an answer."""

    n: int = 0
    said: int = 0
    right: int = 0
    reopened: int = 0
    person: int = 0


@dataclass(frozen=True)
class TopicFigures:
    """One topic. `saved`: seconds that customers waited less where a draft was used; the team's time is not watched."""

    topic: str
    counts: Mapping[str, int]
    acceptance: Measured
    changed: Measured
    saved: Measured
    person: Measured
    ai: Requests = field(default_factory=Requests)
    alone: Requests = field(default_factory=Requests)

    @property
    def drafts(self) -> int:
        """Answers for which there was a draft."""
        return sum(self.counts[one] for one in ("used", "edited", "rejected", "ignored"))


def figures(since: datetime) -> list[TopicFigures]:
    """Every topic with an answer since then, the busiest first. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_REQUESTS, {"since": since})
        requests = {
            (topic, ai): Requests(n, said, round(right), back, person)
            for topic, ai, n, said, right, back, person in cursor.fetchall()
        }
        cursor.execute(_ANSWERS, {"since": since})
        rows = cursor.fetchall()
    return [_topic(row, requests) for row in rows]


def _topic(row: tuple[Any, ...], requests: Mapping[tuple[str, bool], Requests]) -> TopicFigures:
    topic, used, edited, rejected, ignored, none, changed, with_ai, alone = row
    counts = {"used": used, "edited": edited, "rejected": rejected, "ignored": ignored, "none": none}
    drafts = used + edited + rejected + ignored
    ai = requests.get((topic, True), Requests())
    return TopicFigures(
        topic,
        counts,
        share(used + edited, drafts),
        _median(changed or []),
        _saved(with_ai or [], alone or []),
        share(ai.person, ai.n),
        ai,
        requests.get((topic, False), Requests()),
    )


def _too_few(n: int) -> Measured:
    return Measured(n=n, because=_("%(n)s so far, %(enough)s are needed.") % {"n": n, "enough": ENOUGH})


def share(part: int, n: int) -> Measured:
    """A share with Wilson's interval, from ENOUGH on."""
    if n < ENOUGH:
        return _too_few(n)
    return Measured(part / n, n, *wilson(part, n))


def _median(values: list[float]) -> Measured:
    """The median with the interval that its order statistics give."""
    n = len(values)
    if n < ENOUGH:
        return _too_few(n)
    ordered, around = sorted(values), Z95 * sqrt(n) / 2
    low, high = max(0, int(n / 2 - around)), min(n - 1, int(n / 2 + around))
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return Measured(middle, n, ordered[low], ordered[high])


def _saved(with_ai: list[float], alone: list[float]) -> Measured:
    """How much less customers waited: median alone minus median with a draft; the interval is the widest that fits.

    Counted is the smaller side where there are too few.
    """
    n = min(len(with_ai), len(alone))
    if n < ENOUGH:
        return _too_few(n)
    ours, theirs = _median(with_ai), _median(alone)
    return Measured(
        (theirs.value or 0) - (ours.value or 0),
        len(with_ai) + len(alone),
        (theirs.low or 0) - (ours.high or 0),
        (theirs.high or 0) - (ours.low or 0),
    )


def worse_than_no_ai(one: TopicFigures, person_percent: int) -> list[dict[str, Any]]:
    """Why this topic should be left to people: keys of REASONS with their numbers; empty where nothing shows it.

    Each only where chance does not explain it: the whole 95 % interval lies on the wrong side.
    """
    found = []
    accepted = one.acceptance
    if accepted.value is not None and (accepted.high or 0) < USED_AT_LEAST:
        found.append(_reason("unused", accepted.value, accepted.n))
    asked = one.person
    if asked.value is not None and (asked.low or 0) > person_percent / 100:
        found.append(_reason("person", asked.value, asked.n, limit=person_percent / 100))
    ai, alone = one.ai, one.alone
    if _differs(ai.right, ai.said, alone.right, alone.said) < 0:
        found.append(_reason("less_right", ai.right / ai.said, ai.said, alone=alone.right / alone.said))
    if _differs(ai.reopened, ai.n, alone.reopened, alone.n) > 0:
        found.append(_reason("reopened", ai.reopened / ai.n, ai.n, alone=alone.reopened / alone.n))
    return found


def _reason(key: str, value: float, n: int, **more: float) -> dict[str, Any]:
    return {
        "key": key,
        "share": round(value, 4),
        "n": n,
        **{name: round(one, 4) for name, one in more.items()},
    }


def _differs(k: int, n: int, others: int, of: int) -> int:
    """-1 or 1 where the whole interval of the difference of two shares lies below or above 0; else 0."""
    if n < ENOUGH or of < ENOUGH:
        return 0
    low, high = newcombe(Cell("ai", k, n), Cell("alone", others, of))
    return -1 if high < 0 else 1 if low > 0 else 0


def in_sentence(reason: Mapping[str, Any]) -> str:
    """A reason as an owner reads it."""
    shares = {name: in_words(value, "share") for name, value in reason.items() if name not in ("key", "n")}
    return _(REASONS[reason["key"]]) % {**shares, "n": reason["n"]}
