"""A signed-in browser on one connection: sign-in over HTTP, requests with a Host header, times and sizes."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how long."""

    status: int
    body: bytes
    seconds: float
    location: str


class Browser:
    """Keeps cookies, and the connection alive as browsers do."""

    def __init__(self, host: str, port: int, name: str) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=120)
        self._name = name
        self._cookies: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page. Raises RuntimeError where it does not let in."""
        page = self.get("/account/login/")
        found = _TOKEN.search(page.body.decode())
        if found is None:
            raise RuntimeError(f"The sign-in page answered {page.status} without a form.")
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": found[1]}
        answer = self.post("/account/login/", fields)
        if answer.status != 302 or "sessionid" not in self._cookies:
            raise RuntimeError(f"Signing in as {email} answered {answer.status}.")

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """One page."""
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Answer:
        """One form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        token = {"X-CSRFToken": self._cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode(fields).encode(), {**kind, **token, **(headers or {})})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {"Host": self._name, "Accept": "text/html", "Accept-Language": "en", **headers}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        begun = time.perf_counter()
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begun
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return Answer(response.status, content, seconds, response.headers.get("Location", ""))
