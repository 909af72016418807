"""Measures of the AI assistance, one module per kind; none needs a database or the network.

A module named here has `add_arguments(parser)` and `run(options) -> Mapping[str, object]`: the figures, in the order
in which they are printed. It raises `EvaluationError` with a sentence for the person at the terminal.
"""

from __future__ import annotations

#: What `python manage.py evaluate` offers: the sub-command's name, its module, and what it measures.
KINDS: dict[str, tuple[str, str]] = {
    "triage": ("aiassist.evaluation.triage", "how well topics are told apart"),
    "retrieval": ("aiassist.evaluation.retrieval", "how often the right article comes first"),
    "redaction": ("aiassist.evaluation.redaction", "how much personal data is masked before text leaves"),
    "grounding": ("aiassist.evaluation.grounding", "how much that no source says is marked"),
    "pressure": ("aiassist.evaluation.pressure", "how much of what presses a customer is found"),
    "sensitive": ("aiassist.evaluation.sensitive", "how many messages that only people answer are found"),
    "language": ("aiassist.evaluation.language", "how often the language of a text is told right"),
    "drafts": ("aiassist.evaluation.drafts", "whether drafts say what test questions ask for"),
}


class EvaluationError(Exception):
    """The measure cannot be taken; the message says what to do."""
