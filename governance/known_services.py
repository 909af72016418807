"""What is publicly said about AI services that many use: a start for the owner's own look, never proof.

None of it counts for the checks: the owner confirms the five facts. Companies change their terms. `read` says when we
read the words at their source, in a copy that somebody keeps of it; where we could not, it is empty and the screen says
"not yet". Never write a day there on which nobody read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.core.sentence import gettext_noop

#: When the copies were read. A fact that was read again later gets its own day.
READ_ON = "2026-11-24"
NOT_YET = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One of the five facts: what the company says, where, and when we read that there ("" = not yet)."""

    fact: str
    answer: str
    source: str
    read: str = NOT_YET


@dataclass(frozen=True, slots=True)
class Known:
    """One service. `host` is the name in its address."""

    host: str
    name: str
    website: str
    answers: tuple[Said, ...]

    def to_answers(self) -> list[dict[str, str]]:
        """As the register keeps it."""
        return [
            {"fact": one.fact, "answer": one.answer, "source": one.source, "date": one.read}
            for one in self.answers
        ]


_CONTRACT = gettext_noop(
    "Look for a data processing addendum; it counts once you have signed or accepted it."
)
_LIST = gettext_noop("Look for the list of the companies they use.")
_THIRTY = gettext_noop(
    "They say: up to 30 days, to look for abuse; longer where the law or a breach of their terms asks for it."
)

SERVICES = (
    Known(
        "api.openai.com",
        "OpenAI",
        "https://openai.com",
        (
            Said("contract", _CONTRACT, "https://openai.com/policies/data-processing-addendum/"),
            Said(
                "no_training",
                gettext_noop("They say: texts sent by programs are not used for training unless you agree."),
                "https://developers.openai.com/api/docs/guides/your-data",
                READ_ON,
            ),
            Said(
                "region",
                gettext_noop(
                    "They say: only where your project has a region and you use its address, such as "
                    "eu.api.openai.com; otherwise anywhere."
                ),
                "https://developers.openai.com/api/docs/guides/data-residency",
                READ_ON,
            ),
            Said("deletion", _THIRTY, "https://developers.openai.com/api/docs/guides/your-data", READ_ON),
            Said(
                "sub_processors",
                gettext_noop("They publish a list with names, places and purposes."),
                "https://openai.com/policies/sub-processor-list/",
                READ_ON,
            ),
        ),
    ),
    Known(
        "api.anthropic.com",
        "Anthropic",
        "https://www.anthropic.com",
        (
            Said("contract", _CONTRACT, "https://www.anthropic.com/legal/commercial-terms"),
            Said(
                "no_training",
                gettext_noop(
                    "They say: what companies send is not used for training, unless you join a programme for it."
                ),
                "https://support.anthropic.com/en/articles/9267385-does-anthropic-act-as-a-data-processor-or-controller",
                READ_ON,
            ),
            Said(
                "region", gettext_noop("Ask them, or look in your contract."), "https://trust.anthropic.com"
            ),
            Said(
                "deletion",
                gettext_noop("They say: within 30 days; up to two years where a text breaks their terms."),
                "https://privacy.anthropic.com/en/articles/7996866-how-long-do-you-store-personal-data",
                READ_ON,
            ),
            Said("sub_processors", _LIST, "https://trust.anthropic.com"),
        ),
    ),
    Known(
        "api.mistral.ai",
        "Mistral AI",
        "https://mistral.ai",
        (
            Said("contract", _CONTRACT, "https://mistral.ai/terms"),
            Said(
                "no_training",
                gettext_noop(
                    "It depends on your plan and on a switch in your account: turn training off and look again."
                ),
                "https://help.mistral.ai/en/collections/789666-trust-security-compliance",
            ),
            Said(
                "region",
                gettext_noop(
                    "A French company; others report that it also uses machines in the United States."
                ),
                "https://help.mistral.ai/en/collections/789666-trust-security-compliance",
            ),
            Said(
                "deletion",
                gettext_noop("Others report 30 days to look for abuse."),
                "https://help.mistral.ai/en/collections/789666-trust-security-compliance",
            ),
            Said(
                "sub_processors",
                _LIST,
                "https://help.mistral.ai/en/collections/789666-trust-security-compliance",
            ),
        ),
    ),
    Known(
        "generativelanguage.googleapis.com",
        "Google Gemini API",
        "https://ai.google.dev",
        (
            Said("contract", _CONTRACT, "https://ai.google.dev/gemini-api/terms"),
            Said(
                "no_training",
                gettext_noop(
                    "They say: not with the paid tier; texts of the free tier are used and may be read by people. "
                    "For customers in Europe only the paid tier is allowed."
                ),
                "https://ai.google.dev/gemini-api/terms",
                READ_ON,
            ),
            Said(
                "region",
                gettext_noop("Others quote the terms: any country where they have machines."),
                "https://ai.google.dev/gemini-api/terms",
            ),
            Said(
                "deletion",
                gettext_noop(
                    "They say: logs of a paid project end after 55 days; see whether yours keeps any."
                ),
                "https://ai.google.dev/gemini-api/docs/logs-policy",
                READ_ON,
            ),
            Said("sub_processors", _LIST, "https://ai.google.dev/gemini-api/terms"),
        ),
    ),
    Known(
        "openai.azure.com",
        "Azure OpenAI",
        "https://azure.microsoft.com",
        (
            Said("contract", _CONTRACT, "https://azure.microsoft.com"),
            Said(
                "no_training",
                gettext_noop("Others report: not used for training. Look in your contract."),
                "https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy",
            ),
            Said(
                "region",
                gettext_noop(
                    "They say: with a regional deployment in its region, with a data zone within it, with a global "
                    "one anywhere."
                ),
                "https://learn.microsoft.com/azure/foundry/foundry-models/concepts/models-sold-directly-by-azure-region-availability",
                READ_ON,
            ),
            Said(
                "deletion",
                gettext_noop("Others report 30 days to look for abuse."),
                "https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy",
            ),
            Said("sub_processors", _LIST, "https://azure.microsoft.com"),
        ),
    ),
    Known(
        "openrouter.ai",
        "OpenRouter",
        "https://openrouter.ai",
        (
            Said("contract", _CONTRACT, "https://openrouter.ai"),
            Said(
                "no_training",
                gettext_noop(
                    "It passes texts on to other companies, and each has its own terms: some train, some do not. "
                    "Choose which ones may be used."
                ),
                "https://openrouter.ai/docs/guides/privacy/provider-logging",
                READ_ON,
            ),
            Said(
                "region",
                gettext_noop("Wherever the company works to which it passes the text on."),
                "https://openrouter.ai/docs/guides/privacy/provider-logging",
            ),
            Said(
                "deletion",
                gettext_noop(
                    "Each company that it passes texts on to keeps them as long as its own terms say."
                ),
                "https://openrouter.ai/docs/guides/privacy/provider-logging",
                READ_ON,
            ),
            Said("sub_processors", _LIST, "https://openrouter.ai/docs/guides/privacy/provider-logging"),
        ),
    ),
)


def find(host: str) -> Known | None:
    """The service whose address this is; some have a name of the customer or a region before the host."""
    for one in SERVICES:
        if host == one.host or host.endswith(f".{one.host}"):
            return one
    return None
