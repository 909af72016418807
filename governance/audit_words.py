"""The figures of a fairness check as a person reads them: one sentence, then a table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from governance.models import BiasAudit

GROUPS = {
    "said no to AI": lambda: _("said no to AI"),
    "all others": lambda: _("all others"),
    "reference": lambda: _("the one they are compared with"),
    "man": lambda: _("a man's name"),
    "woman": lambda: _("a woman's name"),
    "neither": lambda: _("neither man nor woman"),
    "name from Africa": lambda: _("a name from Africa"),
    "name from the Arab world": lambda: _("a name from the Arab world"),
    "name from East Asia": lambda: _("a name from East Asia"),
    "name from South Asia": lambda: _("a name from South Asia"),
    "name from Eastern Europe": lambda: _("a name from Eastern Europe"),
    "name from Turkey": lambda: _("a name from Turkey"),
    "Black American name": lambda: _("a Black American name"),
    "Latin American name": lambda: _("a Latin American name"),
    "Jewish name": lambda: _("a Jewish name"),
    "second language": lambda: _("writes English as a second language"),
    "dialect": lambda: _("writes dialect"),
    "plain writing": lambda: _("writes short and plain"),
    "disability": lambda: _("mentions a disability"),
    "old age": lambda: _("mentions old age"),
}


def group(name: str) -> str:
    """A group in words."""
    return GROUPS[name]() if name in GROUPS else name


def sentence(audit: BiasAudit) -> str:
    """What came out, in one sentence."""
    figures = audit.figures or {}
    if audit.kind == "pairs" and "n" in figures:
        values = {"n": figures["n"], "one": figures.get("draft_for_one_only", 0)}
        values["words"] = figures.get("other_words", 0)
        return (
            _("Of %(n)s pairs, %(one)s got a draft for one person only, and %(words)s got other words.")
            % values
        )
    if audit.key == "waiting" and figures.get("median_seconds"):
        waits = {key: hours(value) for key, value in figures["median_seconds"].items()}
        values = {"no": waits["said no to AI"], "other": waits["all others"]}
        return _("Customers who said no to AI wait %(no)s for an answer, the others %(other)s.") % values
    if audit.verdict == "insufficient" and figures.get("needed"):
        return _("Too few tickets to tell; about %(n)s are needed.") % {"n": figures["needed"]}
    return ""


def figures_in_words(audit: BiasAudit) -> dict[str, Any]:
    """The sentence, the groups as a table, and the rest as pairs of words."""
    figures = audit.figures or {}
    groups = figures.get("groups") or []
    heads, rows = ([], []) if not groups else _table(audit, groups)
    rest = [
        (_("p by rank"), figures["p_rank"]) if "p_rank" in figures else None,
        (_("Tickets needed to tell"), figures["needed"]) if figures.get("needed") else None,
        (_("Questions"), figures["questions"]) if "questions" in figures else None,
        (_("Invented people"), figures["people"]) if "people" in figures else None,
        (_("Version of the AI"), audit.prompt_hash[:12]) if audit.prompt_hash else None,
    ]
    return {
        "sentence": sentence(audit),
        "heads": heads,
        "groups": rows,
        "figures": [one for one in rest if one is not None],
    }


def _table(audit: BiasAudit, groups: list[dict[str, Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    if audit.kind == "pairs":
        heads = [
            _("Pairs"),
            _("No draft"),
            _("No refund"),
            _("Length"),
            _("Politeness"),
            _("p"),
        ]
        keys = ("n", "lost_draft", "lost_refund", "length", "politeness", "p")
        return heads, [
            {"name": group(one["group"]), "values": [_shown(one.get(key)) for key in keys]} for one in groups
        ]
    heads = [_("Tickets"), _("In time"), _("Share"), _("95 % interval"), _("Ratio to the best"), _("p")]
    rows = []
    for one in groups:
        low, high = one.get("interval") or (0, 1)
        values = [one["n"], one["k"], _percent(one.get("rate")), f"{_percent(low)} – {_percent(high)}"]
        rows.append(
            {"name": group(one["group"]), "values": [*values, _shown(one.get("ratio")), _shown(one.get("p"))]}
        )
    return heads, rows


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:+.3f}" if isinstance(value, float) and value < 0 else str(value)


def hours(seconds: float) -> str:
    """A wait in words."""
    if seconds < 5_400:
        return _("%(n)s minutes") % {"n": max(1, round(seconds / 60))}
    return _("%(n)s hours") % {"n": round(seconds / 3_600)}
