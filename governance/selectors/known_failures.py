"""What the AI gets wrong, for the trust page: counted from stopped steps, answers and second looks. Never empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import AIDecision, AISystem, BiasAudit, DataRequest, OutcomeFact

LOOKS_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Failure:
    """One thing that goes wrong: a sentence, how often it was seen, and whether it is known of every such system."""

    text: str
    times: int = 0
    general: bool = False


Source = Callable[[datetime], Iterable[Failure]]
_sources: list[Source] = []


def offer(source: Source) -> None:
    """A room above counts something too, such as drafts that people threw away. Called once, in AppConfig.ready."""
    if source not in _sources:
        _sources.append(source)


def known_failures(now: datetime | None = None) -> list[Failure]:
    """Counted ones first, most frequent first, then what the cards say, then what is known of all.

    Five queries, and one for each room that counts too."""
    since = (now or timezone.now()) - LOOKS_BACK
    counted = sorted((one for one in _counted(since) if one.times), key=lambda one: -one.times)
    cards = AISystem.objects.filter(is_published=True).exclude(known_failures="").exclude(stage="retired")
    written = list(
        dict.fromkeys(
            line.strip(" -*\t")
            for text in cards.order_by("pk").values_list("known_failures", flat=True)
            for line in text.splitlines()
            if line.strip(" -*\t")
        )
    )
    return [*counted, *map(Failure, written[:12]), *_general()]


def _counted(since: datetime) -> list[Failure]:
    rows = AIDecision.objects.filter(kind="real", allowed=False, created_at__gte=since)
    stops = rows.aggregate(
        unsourced=Count("pk", filter=_stopped("G15") | _stopped("G22")),
        pressing=Count("pk", filter=_stopped("G21")),
        fields=Count("pk", filter=_stopped("G12")),
    )
    again = DataRequest.objects.filter(kind="human_review", created_at__gte=since).count()
    wrong = OutcomeFact.objects.filter(event="satisfied", value__lt=0.5, created_at__gte=since).count()
    offered = (one for source in _sources for one in source(since))
    return [*_of_steps(stops), *_of_customers(again, wrong), *_of_pairs(), *offered]


def _of_pairs() -> list[Failure]:
    """What our own check on invented customers found, also where it was too little to fail. One query."""
    newest = BiasAudit.objects.filter(kind="pairs").order_by("-pk").only("figures").first()
    figures = newest.figures if newest is not None else {}
    lost, pairs = int(figures.get("draft_for_one_only", 0)), int(figures.get("n", 0))
    said = _(
        "In %(pairs)s tries with invented customers who asked the same, one of two got no draft: %(n)s. "
        "What differed was how they wrote or what they said about themselves."
    )
    return [Failure(said % {"n": lost, "pairs": pairs}, lost)]


def _of_steps(stops: dict[str, int]) -> list[Failure]:
    unsourced, pressing, fields = stops["unsourced"], stops["pressing"], stops["fields"]
    return [
        Failure(
            ngettext(
                "%(n)s time in 90 days the AI found no source for what it would have said; no draft came of it.",
                "%(n)s times in 90 days the AI found no source for what it would have said; no draft came of it.",
                unsourced,
            )
            % {"n": unsourced},
            unsourced,
        ),
        Failure(
            ngettext(
                "%(n)s time in 90 days a draft hurried or offered something; it was held back.",
                "%(n)s times in 90 days a draft hurried or offered something; it was held back.",
                pressing,
            )
            % {"n": pressing},
            pressing,
        ),
        Failure(
            ngettext(
                "%(n)s time in 90 days more data was about to be shown to the AI than our rules allow; it was not.",
                "%(n)s times in 90 days more data was about to be shown to the AI than our rules allow; it was not.",
                fields,
            )
            % {"n": fields},
            fields,
        ),
    ]


def _of_customers(again: int, wrong: int) -> list[Failure]:
    return [
        Failure(
            ngettext(
                "%(n)s customer in 90 days asked a person to look again.",
                "%(n)s customers in 90 days asked a person to look again.",
                again,
            )
            % {"n": again},
            again,
        ),
        Failure(
            ngettext(
                "%(n)s answer in 90 days was not right, a customer says.",
                "%(n)s answers in 90 days were not right, customers say.",
                wrong,
            )
            % {"n": wrong},
            wrong,
        ),
    ]


def _general() -> list[Failure]:
    """What every writing program does, seen here or not: an empty list would look like an all-clear."""
    return [
        Failure(said, general=True)
        for said in (
            _("It can sound sure and be wrong. That is why a person reads every draft."),
            _("It can miss what is only hinted at, such as anger, worry or irony."),
            _("It knows nothing that happened after our pages were last changed."),
        )
    ]


def _stopped(code: str) -> Q:
    return Q(reasons__contains=[{"code": code, "outcome": "stopped"}])
