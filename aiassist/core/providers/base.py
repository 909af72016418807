"""What every AI service can do, and the ways in which it can fail."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import ClassVar, Protocol

from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft, gettext_noop
from aiassist.core.helping import HelpKind, HelpRequest, HelpResult
from aiassist.core.providers.stream import Told


class Provider(Protocol):
    """Writes a draft from masked text. Called outside any transaction, by one function of the pipeline only."""

    name: str
    model: str
    #: Whether text leaves this machine.
    is_external: bool

    def draft(self, request: DraftRequest, timeout: float, told: Told | None = None) -> DraftResult | NoDraft:
        """Return a draft or say why there is none; raises ProviderError after at most `timeout` seconds.

        `told` hears the words while they are written, where the service can do that.
        """
        ...

    @property
    def helps(self) -> Collection[HelpKind]:
        """What it can help with beside drafts."""
        ...

    def help(self, request: HelpRequest, timeout: float) -> HelpResult:
        """Reword, translate or sum up; raises ProviderError after at most `timeout` seconds."""
        ...


class Refusal(StrEnum):
    """Why a service will not work until a person changes something."""

    KEY = "key"
    MODEL = "model"
    HOST = "host"
    REQUEST = "request"
    CONTENT = "content"


class ProviderError(Exception):
    """A service failed. Its message has neither the key nor any text of a customer."""

    code: ClassVar[str] = "failed"
    retryable: ClassVar[bool] = False
    text: str = gettext_noop("The AI service failed.")

    def __init__(self, detail: str = "", *, attempts: int = 1) -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail
        self.attempts = attempts


class ProviderTimeout(ProviderError):
    """It did not answer in time."""

    code = "timeout"
    retryable = True
    text = gettext_noop("The AI service did not answer in time.")


class ProviderBusy(ProviderError):
    """Too many requests, out of order, or not reachable: later it may work."""

    code = "busy"
    retryable = True
    text = gettext_noop("The AI service is busy or cannot be reached.")

    def __init__(self, detail: str = "", *, attempts: int = 1, retry_after: float | None = None) -> None:
        super().__init__(detail, attempts=attempts)
        self.retry_after = retry_after


class ProviderPaused(ProviderError):
    """It failed several times, so it was not called; `text` says how it failed last."""

    code = "paused"

    def __init__(self, text: str | None = None, *, seconds: float = 0.0) -> None:
        super().__init__("left alone")
        self.text = text or type(self).text
        self.seconds = seconds


class ProviderBadAnswer(ProviderError):
    """It answered with something that is not a draft (no JSON, cut off, empty), and that costs, too."""

    code = "bad_answer"
    text = gettext_noop("The AI service gave an answer that cannot be used.")

    def __init__(
        self,
        detail: str = "",
        *,
        attempts: int = 1,
        tokens_in: int = 0,
        tokens_out: int = 0,
        cost_micro: int = 0,
    ) -> None:
        super().__init__(detail, attempts=attempts)
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out
        self.cost_micro = cost_micro


class ProviderRefused(ProviderError):
    """It will not work like this: a wrong key, an unknown model, a host that is not allowed."""

    code = "refused"

    def __init__(self, reason: Refusal, detail: str = "", *, attempts: int = 1) -> None:
        super().__init__(detail or reason.value, attempts=attempts)
        self.reason = reason
        self.text = REFUSAL_TEXTS[reason]


REFUSAL_TEXTS = {
    Refusal.KEY: gettext_noop("The AI service did not accept the key. An owner can enter a new one."),
    Refusal.MODEL: gettext_noop("The AI service does not know this model. An owner can choose another."),
    Refusal.HOST: gettext_noop("The address of the AI service is not on the list of allowed addresses."),
    Refusal.REQUEST: gettext_noop("The AI service did not accept the request."),
    Refusal.CONTENT: gettext_noop("The AI service refused to write about this."),
}
