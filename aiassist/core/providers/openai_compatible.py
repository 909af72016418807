"""Draft through any OpenAI-compatible address, with deadlines, few retries, and errors that say what to do."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx2
import openai
from openai import DefaultHttpxClient, OpenAI

from aiassist.core import helping, prompts
from aiassist.core.drafts import (
    DraftRequest,
    DraftResult,
    DraftSentence,
    Kind,
    NoDraft,
    NoDraftReason,
    Note,
    NoteCode,
    Passage,
)
from aiassist.core.helping import REWORDS, HelpKind, HelpRequest, HelpResult
from aiassist.core.providers.answer import LETTERS_PER_TOKEN, Answer, BadAnswer, parse
from aiassist.core.providers.base import (
    ProviderBadAnswer,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
    Refusal,
)
from aiassist.core.providers.stream import Assembly, Told
from aiassist.core.text import sentences as sentences_of

MOST_RETRIES = 2
#: A draft has a few hundred bytes; whoever sends a megabyte is not answering.
_MOST_BYTES = 1_000_000
_MOST_TOKENS = 900
#: A reworded text may be as long as the longest that is taken.
_MOST_HELP_TOKENS = 1_800
_LEAST_SECONDS = 0.2
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_FORMATS: tuple[Mapping[str, object] | None, ...] = (
    MappingProxyType(
        {"type": "json_schema", "json_schema": {"name": "draft", "strict": True, "schema": prompts.SCHEMA}}
    ),
    MappingProxyType({"type": "json_object"}),
    None,
)


@dataclass(frozen=True, slots=True)
class Prices:
    """Millionths of the currency for one million tokens."""

    tokens_in: int = 0
    tokens_out: int = 0

    def cost(self, tokens_in: int, tokens_out: int) -> int:
        """Millionths of the currency, rounded up: a budget is never undercounted."""
        return -(-(tokens_in * self.tokens_in + tokens_out * self.tokens_out) // 1_000_000)


@dataclass(slots=True)
class OpenAICompatible:
    """One organization's AI service. Build it for one draft or keep it; it holds no text between drafts."""

    base_url: str
    key: str = field(repr=False)
    model: str
    allowed_hosts: Collection[str]
    prices: Prices = Prices()
    name: str = "openai-compatible"
    is_external: bool = True
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    _format: int = field(default=0, init=False, repr=False)
    _streams: bool = field(default=True, init=False, repr=False)

    #: Whatever is asked of it in words.
    helps: ClassVar[frozenset[HelpKind]] = frozenset(HelpKind)

    def __post_init__(self) -> None:
        check_address(self.base_url, self.allowed_hosts)

    def draft(self, request: DraftRequest, timeout: float, told: Told | None = None) -> DraftResult | NoDraft:
        """Return the service's draft; never takes longer than `timeout` seconds, retries included.

        `told` hears the words while they are written; only what is returned was read as a whole.
        """
        answer, attempts = self._ask(_Asking(prompts.messages(request), _MOST_TOKENS, told), timeout)
        return _result(request, answer, self, attempts)

    def help(self, request: HelpRequest, timeout: float) -> HelpResult:
        """Reword, translate or sum up; never takes longer than `timeout` seconds, retries included."""
        answer, attempts = self._ask(_Asking(helping.messages(request), _MOST_HELP_TOKENS), timeout)
        return _help_result(request, answer, self, attempts)

    def _ask(self, asking: _Asking, timeout: float) -> tuple[Answer, int]:
        """The answer, and how many attempts it took."""
        deadline = time.monotonic() + timeout
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._counted(asking, self._answer(asking, deadline)), attempt
            except BadAnswer as error:
                if error.reason == "refused":
                    raise ProviderRefused(Refusal.CONTENT, attempts=attempt) from None
                raise ProviderBadAnswer(
                    error.reason,
                    attempts=attempt,
                    tokens_in=error.tokens_in,
                    tokens_out=error.tokens_out,
                    cost_micro=self.prices.cost(error.tokens_in, error.tokens_out),
                ) from None
            except ProviderError as error:
                error.attempts = attempt
                pause = _pause(error, attempt)
                if not error.retryable or attempt > MOST_RETRIES or time.monotonic() + pause >= deadline:
                    raise
                self.sleep(pause)

    def _counted(self, asking: _Asking, answer: Answer) -> Answer:
        """With tokens for what was sent, where the service did not count."""
        if not answer.estimated:
            return answer
        letters = sum(len(message["content"]) for message in asking.messages)
        return replace(answer, tokens_in=-(-letters // LETTERS_PER_TOKEN))

    def _answer(self, asking: _Asking, deadline: float) -> Answer:
        """One answer; a service that does not know a response format or streams is asked again more simply."""
        while True:
            try:
                return parse(self._post(asking, deadline))
            except _UnknownFormat:
                self._format += 1
            except _UnknownStream:
                self._streams = False

    def _post(self, asking: _Asking, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left < _LEAST_SECONDS:
            raise ProviderTimeout("no time left")
        try:
            with (
                _http_client(self.base_url) as http,
                _client(self, http, left) as client,
                client.chat.completions.with_streaming_response.create(**self._arguments(asking)) as response,
            ):
                if asking.told and "event-stream" in response.headers.get("content-type", ""):
                    return _read_events(response.iter_bytes(), deadline, asking.told)
                return _read(response.iter_bytes(), deadline)
        except openai.OpenAIError as error:
            raise self._translated(error, asking) from None
        except httpx2.TimeoutException:
            raise ProviderTimeout("stopped in the middle") from None
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise ProviderBusy(type(error).__name__) from None

    def _arguments(self, asking: _Asking) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": self.model,
            "messages": asking.messages,
            "max_completion_tokens"
            if self.base_url.startswith("https://api.openai.com/")
            else "max_tokens": asking.most_tokens,
        }
        if asking.told and self._streams:
            arguments |= {"stream": True, "stream_options": {"include_usage": True}}
        response_format = _FORMATS[self._format]
        if response_format is not None:
            arguments["response_format"] = dict(response_format)
        return arguments

    def _translated(self, error: openai.OpenAIError, asking: _Asking) -> Exception:
        another = self._format + 1 < len(_FORMATS)
        if isinstance(error, openai.APIStatusError) and error.status_code in {400, 422}:
            if asking.told and self._streams and "stream" in f"{error.message} {error.body}".lower():
                return _UnknownStream()
            if another and _about_format(error):
                return _UnknownFormat()
        return translate(error)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request: what is said, how long the answer may be, and who hears it while it comes."""

    messages: list[dict[str, str]] = field(repr=False)
    most_tokens: int
    told: Told | None = None


class _UnknownStream(Exception):
    """The service does not know streams, or not how they are asked for."""


class _UnknownFormat(Exception):
    """The service does not know the response format that was asked for."""


def check_address(base_url: str, allowed_hosts: Collection[str]) -> None:
    """Raise ProviderRefused(HOST) unless the address is https (or loopback) and its host is on the list."""
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        raise ProviderRefused(Refusal.HOST, "not an address") from None
    allowed = {one.rstrip(".").lower() for one in allowed_hosts}
    named = host in allowed or f"{host}:{port}" in allowed
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not host or not named or not encrypted or parts.username is not None:
        raise ProviderRefused(Refusal.HOST, "the host is not allowed or the address is not https")


def translate(error: openai.OpenAIError) -> ProviderError:
    """Our error for one of the client's, without its text: that may quote the request."""
    if isinstance(error, openai.APITimeoutError):
        return ProviderTimeout("no answer")
    if isinstance(error, openai.APIConnectionError):
        return ProviderBusy("not reachable")
    if isinstance(error, openai.APIStatusError):
        return _from_status(error)
    return ProviderBadAnswer("not an answer")


def _from_status(error: openai.APIStatusError) -> ProviderError:
    status = error.status_code
    if status in {401, 403}:
        return ProviderRefused(Refusal.KEY, f"status {status}")
    if status == 404:
        return ProviderRefused(Refusal.MODEL, "status 404")
    if status == 408:
        return ProviderTimeout("status 408")
    if status in {409, 429} or status >= 500:
        # An exhausted account answers 429 too, but waiting does not help.
        if _code(error) == "insufficient_quota":
            return ProviderRefused(Refusal.KEY, "the account has no credit")
        return ProviderBusy(f"status {status}", retry_after=_retry_after(error))
    return ProviderRefused(Refusal.REQUEST, f"status {status}")


def _code(error: openai.APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("code") or "")


def _retry_after(error: openai.APIStatusError) -> float | None:
    value = error.response.headers.get("retry-after", "")
    return float(value) if re.fullmatch(r"\d{1,5}(?:\.\d+)?", value) else None


def _about_format(error: openai.APIStatusError) -> bool:
    text = f"{error.message} {error.body}".lower()
    return "response_format" in text or "json_schema" in text or "json_object" in text or "schema" in text


def _pause(error: ProviderError, attempt: int) -> float:
    """Half a second, then a second, with jitter: many workers must not come back at the same moment."""
    asked = getattr(error, "retry_after", None)
    base = asked if asked is not None else 0.5 * 2 ** (attempt - 1)
    return float(base) + random.uniform(0, 0.25)  # noqa: S311 - jitter, not a secret


def _http_client(base_url: str) -> DefaultHttpxClient:
    # A redirect would lead past the list of allowed hosts; a proxy has no business with loopback.
    loopback = urlsplit(base_url).hostname in _LOOPBACK
    return DefaultHttpxClient(follow_redirects=False, trust_env=not loopback)


def _client(service: OpenAICompatible, http: DefaultHttpxClient, seconds: float) -> OpenAI:
    return OpenAI(
        api_key=service.key, base_url=service.base_url, timeout=seconds, max_retries=0, http_client=http
    )


def _read(chunks: Iterable[bytes], deadline: float) -> bytes:
    """The body, up to a size and a time: the client's own time-out starts anew with every byte."""
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BadAnswer("too long")
        if time.monotonic() > deadline:
            raise ProviderTimeout("too slow")
    return body


def _read_events(chunks: Iterable[bytes], deadline: float, told: Told) -> bytes:
    """A stream of events, up to a size and a time, as the completion that it makes."""
    assembly, size = Assembly(told), 0
    for chunk in chunks:
        size += len(chunk)
        if size > _MOST_BYTES:
            raise BadAnswer("too long")
        assembly.feed(chunk)
        if time.monotonic() > deadline:
            raise ProviderTimeout("too slow")
    body = assembly.body()
    if not body:
        raise ProviderBusy("ended in the middle")
    return body


def _parts(kind: HelpKind, text: str) -> list[str]:
    """A paragraph's sentences, each checked by itself; a point of a summary stays one."""
    if kind not in REWORDS:
        return [text]
    return [f"{one.mark} {one.text}".strip() for one in sentences_of(text)]


def _help_result(
    request: HelpRequest, answer: Answer, service: OpenAICompatible, attempts: int
) -> HelpResult:
    known = {one.name for one in request.pieces}
    sentences = tuple(
        DraftSentence(
            part,
            tuple(name for name in names if name in known),
            Kind.ANSWER,
            " " if place else "\n\n" if number else "",
        )
        for number, (text, names) in enumerate(answer.sentences)
        for place, part in enumerate(_parts(request.kind, text))
    )
    return HelpResult(
        sentences,
        answer.language or request.language,
        answer.model or service.model,
        answer.tokens_in,
        answer.tokens_out,
        service.prices.cost(answer.tokens_in, answer.tokens_out),
        answer.finish,
        attempts,
    )


def _result(
    request: DraftRequest, answer: Answer, service: OpenAICompatible, attempts: int
) -> DraftResult | NoDraft:
    cost = service.prices.cost(answer.tokens_in, answer.tokens_out)
    if not answer.sentences:
        return NoDraft(
            NoDraftReason.SERVICE_DOES_NOT_KNOW,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost_micro=cost,
            model=answer.model or service.model,
            attempts=attempts,
            open_questions=answer.unanswered,
        )
    return DraftResult(
        _sentences(answer, prompts.aliases(request.passages)),
        answer.language or request.language,
        answer.model or service.model,
        answer.tokens_in,
        answer.tokens_out,
        cost,
        answer.finish,
        _notes(request, answer),
        attempts,
        max((passage.score for passage in request.passages), default=0.0),
    )


def _sentences(answer: Answer, known: Mapping[str, Passage]) -> tuple[DraftSentence, ...]:
    """Sources that were never sent are dropped: the sentence then stands without source and is marked."""
    made: list[DraftSentence] = []
    for number, (text, names) in enumerate(answer.sentences):
        sources = tuple(dict.fromkeys(known[name].source_id for name in names if name in known))
        kind = Kind.ANSWER if sources else Kind.GREETING if number == 0 else Kind.COURTESY
        before = made[-1] if made else None
        new_paragraph = before is not None and (
            before.kind is Kind.GREETING or bool(before.source_ids) is not bool(sources)
        )
        lead = (
            ""
            if before is None
            else "\n"
            if re.match(r"[-*•]|\d+[.)]\s", text)
            else "\n\n"
            if new_paragraph
            else " "
        )
        made.append(DraftSentence(text, sources, kind, lead))
    return tuple(made)


def _notes(request: DraftRequest, answer: Answer) -> tuple[Note, ...]:
    notes = [Note(NoteCode.OPEN_QUESTION, part) for part in answer.unanswered]
    if answer.estimated:
        notes.append(Note(NoteCode.ESTIMATED_TOKENS))
    if answer.language and answer.language.split("-")[0] != request.language:
        notes.append(Note(NoteCode.OTHER_LANGUAGE, answer.language))
    return tuple(notes)
