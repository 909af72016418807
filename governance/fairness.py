"""The first check every shop can run: do customers who said no to AI wait longer for an answer?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

#: Fewer answers than this on either side say nothing (a setting of the check, not a law).
ENOUGH = 30
#: How much longer one group may wait before we call it that.
FACTOR = 1.25

# The newest 2,000 first replies: bounded, whatever the size of the shop.
_MEDIANS = """
SELECT COALESCE((groups ->> 'said_no_to_ai')::boolean, false), count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY value)
FROM (
    SELECT groups, value FROM governance_outcomefact
    WHERE event = 'first_reply' AND value IS NOT NULL ORDER BY created_at DESC LIMIT 2000
) newest GROUP BY 1
"""


@dataclass(frozen=True)
class Waiting:
    """Answers and median seconds to the first one, for those who said no to AI and the others."""

    no_count: int = 0
    no_median: float = 0.0
    other_count: int = 0
    other_median: float = 0.0

    @property
    def enough(self) -> bool:
        """Whether both groups are large enough to say anything."""
        return min(self.no_count, self.other_count) >= ENOUGH

    @property
    def longer(self) -> bool:
        """Whether those who said no wait longer, beyond chance and patience."""
        return self.enough and self.no_median > FACTOR * self.other_median

    @property
    def said(self) -> str:
        """One sentence for the owner."""
        if not self.enough:
            return _("Too few tickets to tell whether customers who said no to AI wait longer.")
        values = {"no": _hours(self.no_median), "other": _hours(self.other_median)}
        if self.longer:
            return _("Customers who said no to AI wait %(no)s for an answer, the others %(other)s.") % values
        return _("Customers who said no to AI wait no longer: %(no)s, the others %(other)s.") % values


def _hours(seconds: float) -> str:
    if seconds < 5_400:
        return _("%(n)s minutes") % {"n": max(1, round(seconds / 60))}
    return _("%(n)s hours") % {"n": round(seconds / 3_600)}


def waiting_by_choice() -> Waiting:
    """The newest first replies, by whether the customer had said no to AI then. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS)
        found = {bool(no): (count, float(median)) for no, count, median in cursor.fetchall()}
    no, other = found.get(True, (0, 0.0)), found.get(False, (0, 0.0))
    return Waiting(no_count=no[0], no_median=no[1], other_count=other[0], other_median=other[1])
