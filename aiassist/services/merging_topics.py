"""Make one topic part of another, and undo it: tickets move, protection never gets lost on the way."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aiassist.reading import rules
from aiassist.sorting_models import LearnedTopics, TopicMerge
from aiassist.sorting_tasks import learn_topics
from governance.core.topics import topic_key
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.models import Ticket
from tickets.services.changing import clean_topic


@transaction.atomic
def merge(*, source: str, target: str, member: Membership) -> TopicMerge:
    """Move every ticket of `source` to `target`; what was learned is learned anew.

    Raises InvalidState where there is nothing to move, and where the AI would be let at what only people answer.
    """
    old, new = clean_topic(source), clean_topic(target)
    moved = list(
        Ticket.objects.select_for_update().filter(topic=old).order_by("pk").values_list("pk", flat=True)
    )
    if not old or not new or old == new or not moved:
        raise InvalidState(_("Choose two different topics."))
    clauses = rules()
    for names in (clauses.human_only_topics, clauses.second_look_topics, clauses.on_demand_topics):
        kept = {topic_key(one) for one in names}
        if old in kept and new not in kept:
            raise InvalidState(
                _("Your rules protect the first topic and not the second one."),
                next_step=_("Name the second one under Rules first, then put them together."),
            )
    Ticket.objects.filter(pk__in=moved).update(topic=new)
    made = TopicMerge.objects.create(source=old, target=new, tickets=moved, member=member)
    _learn_anew()
    return made


@transaction.atomic
def undo(*, made: TopicMerge, member: Membership) -> None:
    """Move back those that nobody put elsewhere since. Twice is once."""
    row = TopicMerge.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if row.undone_at is None:
        Ticket.objects.filter(pk__in=row.tickets, topic=row.target).update(topic=row.source)
        row.undone_at, row.member = timezone.now(), member
        row.save(update_fields=["undone_at", "member"])
        _learn_anew()


def _learn_anew() -> None:
    LearnedTopics.objects.all().delete()
    enqueue_on_commit(learn_topics, organization_id=str(current_organization_id()))
