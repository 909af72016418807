"""A small OpenAI-compatible server on loopback, with the ways in which real ones fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD_DRAFT = {
    "sentences": [
        {"text": "Hello [PERSON_1],", "sources": []},
        {"text": "You can return the dress within 30 days of delivery.", "sources": ["S1", "S9"]},
    ],
    "language": "en",
    "unanswered": ["Do you have student discounts?"],
    "no_answer": False,
}
KEY = "sk-right"


def completion(content: Any, *, finish: str = "stop", usage: bool = True) -> bytes:
    """The JSON of a chat completion."""
    text = content if isinstance(content, str) else json.dumps(content)
    answer: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny-1",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
    }
    if usage:
        answer["usage"] = {"prompt_tokens": 400, "completion_tokens": 60, "total_tokens": 460}
    return json.dumps(answer).encode()


def _events(body: bytes, piece: int) -> Iterator[bytes]:
    """A completion as the events of a stream, with the tokens in the last one, as asked for."""
    whole = json.loads(body)
    [choice] = whole["choices"]
    content = choice["message"]["content"]
    start = {"id": "c1", "object": "chat.completion.chunk", "model": whole["model"]}
    for place in range(0, len(content), piece):
        delta = {"index": 0, "delta": {"content": content[place : place + piece]}, "finish_reason": None}
        yield json.dumps({**start, "choices": [delta]}).encode()
    yield json.dumps(
        {**start, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}
    ).encode()
    if "usage" in whole:
        yield json.dumps({**start, "choices": [], "usage": whole["usage"]}).encode()
    yield b"[DONE]"


class Service:
    """What the server shall do next, and what it was asked."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.url = ""
        self.stopping = threading.Event()

    def will(self, *steps: dict[str, Any]) -> None:
        """Queue answers: `status`, `body`, `wait`, `drip`, `cut`, `headers`; the last one repeats.

        Who asks for a stream gets the body's content in events: of `piece` letters, `pause` seconds apart, and the
        connection ends after `die_after` events. With `no_stream` it comes in one.
        """
        self.steps = list(steps)

    def next_step(self) -> dict[str, Any]:
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the name that http.server asks for
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.requests.append({"path": self.path, **json.loads(body)})
            step = service.next_step()
            if self.headers["Authorization"] != f"Bearer {KEY}":
                step = {"status": 401, "body": b'{"error": {"message": "Incorrect API key provided: sk-wr"}}'}
            service.stopping.wait(step.get("wait", 0))
            streams = service.requests[-1].get("stream") and not step.get("no_stream")
            streams = streams and b'"choices": [{"index"' in step.get("body", completion(GOOD_DRAFT))
            try:
                if streams and step.get("status", 200) == 200:
                    self._stream(step)
                else:
                    self._answer(step)
            except OSError:
                return  # the client has gone, which is what some tests are about

        def _answer(self, step: dict[str, Any]) -> None:
            body: bytes = step.get("body", completion(GOOD_DRAFT))
            self.send_response(step.get("status", 200))
            for name, value in step.get("headers", {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if step.get("cut"):
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            elif step.get("drip"):
                self._drip(body, step["drip"])
            else:
                self.wfile.write(body)

        def _stream(self, step: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            for number, event in enumerate(
                _events(step.get("body", completion(GOOD_DRAFT)), step.get("piece", 12))
            ):
                if number == step.get("die_after"):
                    return
                self.wfile.write(b"data: " + event + b"\n\n")
                self.wfile.flush()
                if service.stopping.wait(step.get("pause", 0)):
                    return

        def _drip(self, body: bytes, pause: float) -> None:
            for place in range(len(body)):
                self.wfile.write(body[place : place + 1])
                self.wfile.flush()
                if service.stopping.wait(pause):
                    return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            return

    return Handler


@contextmanager
def serve() -> Iterator[Service]:
    """Run a server in a thread for as long as the block lasts."""
    service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
