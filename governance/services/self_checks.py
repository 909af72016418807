"""What the product looks at by itself, each when it is due: law and demands daily, security weekly, quarters once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from governance import demands, quarters, security
from governance.demands import Standing, State
from governance.models import SelfCheck
from governance.services import law, papers

DEMANDS = "demands"
#: A run counts for a little less than its period, so that a task that starts a minute early still runs.
WEEK = timedelta(days=6, hours=20)
DAY = timedelta(hours=20)


def run_due() -> list[str]:
    """Do what is due in this organization; returns its names."""
    done = []
    found = law.update()
    if found.new or found.changed or found.gone:
        done.append("law")
    if _is_due(security.KIND, WEEK):
        security.run()
        done.append(security.KIND)
    if quarters.store_quarter(timezone.localdate()):
        done.append("quarter")
    if _is_due(papers.DRIFT, DAY):
        papers.keep_drift()
        done.append(papers.DRIFT)
    if _is_due(DEMANDS, DAY):
        keep(demands.standing())
        done.append(DEMANDS)
    return done


def keep(found: list[Standing]) -> SelfCheck:
    """Keep how the demands stand, as the evidence of today."""
    results = [
        {"number": one.number, "state": one.state.value, "said": one.said, "first": one.first}
        for one in found
    ]
    return SelfCheck.objects.create(
        kind=DEMANDS, ok=all(one.state is not State.FAILING for one in found), results=results
    )


def newest() -> tuple[SelfCheck | None, Counter[str]]:
    """The newest kept state of the demands, counted. One query."""
    row = SelfCheck.objects.filter(kind=DEMANDS).order_by("-pk").first()
    return row, Counter(str(one.get("state")) for one in row.results) if row else Counter()


def _is_due(kind: str, every: timedelta) -> bool:
    last = SelfCheck.objects.filter(kind=kind).order_by("-pk").values_list("created_at", flat=True).first()
    return last is None or timezone.now() - last >= every
