"""A trial of a version on what has happened, off the page: begun, looked after, and its result kept for a while."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from governance.models import AIDecision, EthicsPolicy
from governance.services import dry_run, rulings
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit

#: Up to this many decisions are judged while the page is made; more by a task.
AT_ONCE = 100
KEPT_SECONDS = 600
#: After this long without a result, looking again begins anew.
WORKING_SECONDS = 30


@dataclass(frozen=True)
class Trial:
    """How far it is: `found` once it is done."""

    found: dry_run.DryRun | None
    done: int = 0
    of: int = dry_run.LAST


def look(policy: EthicsPolicy) -> Trial:
    """The result for the text as it stands and the decisions made so far; begins the trial where there is none."""
    newest = AIDecision.objects.filter(kind="real").order_by("-pk").values_list("pk", flat=True)
    ids = list(newest[: AT_ONCE + 1])
    if len(ids) <= AT_ONCE:
        return Trial(dry_run.run(policy=policy))
    key = _key(policy)
    kept = cache.get(key)
    if kept is not None and kept[0] == ids[0]:
        return Trial(kept[1])
    if cache.add(f"{key}:working", 0, WORKING_SECONDS):
        from governance.tasks import try_rules

        enqueue_on_commit(try_rules, organization_id=current_organization_id(), policy_id=policy.pk)
    return Trial(kept[1] if kept else None, int(cache.get(f"{key}:working") or 0))


def work(policy_id: int) -> dry_run.DryRun | None:
    """Do the trial and keep its result; None where the version is gone. Called by the task."""
    policy = EthicsPolicy.objects.filter(pk=policy_id).first()
    if policy is None:
        return None
    key = _key(policy)
    newest = AIDecision.objects.filter(kind="real").order_by("-pk").values_list("pk", flat=True).first()
    found = dry_run.run(policy=policy, tell=lambda done: cache.set(f"{key}:working", done, WORKING_SECONDS))
    cache.set(key, (newest, found), KEPT_SECONDS)
    cache.delete(f"{key}:working")
    return found


def _key(policy: EthicsPolicy) -> str:
    return f"trial:{current_organization_id()}:{policy.pk}:{rulings.text_hash(policy)}"
