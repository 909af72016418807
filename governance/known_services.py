"""What is publicly said about AI services that many use: a start for the owner's own look, each with source and date.

None of it counts for the checks: the owner confirms the five facts. Companies change their terms; the date says how old
our reading is.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.core.sentence import gettext_noop

READ_ON = "2025-06-01"


@dataclass(frozen=True, slots=True)
class Known:
    """One service. `host` is the name in its address, `region` only where it is the same for everybody."""

    host: str
    name: str
    website: str
    region: str
    answers: tuple[tuple[str, str, str], ...]  # fact, what they say, where

    def to_answers(self) -> list[dict[str, str]]:
        """As the register keeps it."""
        return [
            {"fact": fact, "answer": answer, "source": source, "date": READ_ON}
            for fact, answer, source in self.answers
        ]


_NO_TRAINING = gettext_noop(
    "They say that texts sent by programs are not used for training unless you agree."
)
_CONTRACT = gettext_noop(
    "They offer a data processing addendum; it counts once you have signed or accepted it."
)
_THIRTY = gettext_noop("They say that texts are kept up to 30 days to look for abuse, then deleted.")
_LIST = gettext_noop("They publish a list of the companies they use.")
_CHOICE = gettext_noop("It depends on your account or project; look there.")

SERVICES = (
    Known(
        "api.openai.com",
        "OpenAI",
        "https://openai.com",
        "",
        (
            ("contract", _CONTRACT, "https://openai.com/policies/data-processing-addendum/"),
            ("no_training", _NO_TRAINING, "https://openai.com/enterprise-privacy/"),
            ("region", _CHOICE, "https://openai.com/enterprise-privacy/"),
            ("deletion", _THIRTY, "https://openai.com/enterprise-privacy/"),
            ("sub_processors", _LIST, "https://openai.com/policies/sub-processor-list/"),
        ),
    ),
    Known(
        "api.anthropic.com",
        "Anthropic",
        "https://www.anthropic.com",
        "",
        (
            ("contract", _CONTRACT, "https://www.anthropic.com/legal/data-processing-addendum"),
            ("no_training", _NO_TRAINING, "https://www.anthropic.com/legal/commercial-terms"),
            ("region", _CHOICE, "https://trust.anthropic.com"),
            ("deletion", _THIRTY, "https://privacy.anthropic.com"),
            ("sub_processors", _LIST, "https://trust.anthropic.com"),
        ),
    ),
    Known(
        "api.mistral.ai",
        "Mistral AI",
        "https://mistral.ai",
        "",
        (
            ("contract", _CONTRACT, "https://legal.mistral.ai/terms/data-processing-addendum"),
            ("no_training", _CHOICE, "https://legal.mistral.ai/terms"),
            ("region", _CHOICE, "https://help.mistral.ai"),
            ("deletion", _THIRTY, "https://legal.mistral.ai/terms"),
            ("sub_processors", _LIST, "https://trust.mistral.ai"),
        ),
    ),
    Known(
        "generativelanguage.googleapis.com",
        "Google Gemini API",
        "https://ai.google.dev",
        "",
        (
            ("contract", _CONTRACT, "https://cloud.google.com/terms/data-processing-addendum"),
            (
                "no_training",
                gettext_noop("They say: not with the paid tier; texts of the free tier are used."),
                "https://ai.google.dev/gemini-api/terms",
            ),
            ("region", _CHOICE, "https://ai.google.dev/gemini-api/terms"),
            ("sub_processors", _LIST, "https://cloud.google.com/terms/subprocessors"),
        ),
    ),
    Known(
        "openai.azure.com",
        "Azure OpenAI",
        "https://azure.microsoft.com",
        "",
        (
            ("contract", _CONTRACT, "https://aka.ms/dpa"),
            (
                "no_training",
                _NO_TRAINING,
                "https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy",
            ),
            ("region", _CHOICE, "https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy"),
            (
                "deletion",
                _THIRTY,
                "https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy",
            ),
        ),
    ),
)


def find(host: str) -> Known | None:
    """The service whose address this is; an Azure resource has a name of its own before the host."""
    for one in SERVICES:
        if host == one.host or host.endswith(f".{one.host}"):
            return one
    return None
