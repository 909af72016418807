"""A stream ends when its reader loses access, also where something happens all the time."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest

from helpdesk.live import stream
from helpdesk.live.events import publish


class Busy:
    """A Valkey client in whose stream the next event is always there."""

    async def xrevrange(self, _key: str, **_options: Any) -> list[Any]:
        return []

    async def xread(self, _streams: dict[str, str], **_options: Any) -> list[Any]:
        await asyncio.sleep(0.001)
        return [("key", [("1-1", {"event": "{}"})])]

    async def aclose(self) -> None:
        pass


def test_who_loses_access_on_a_busy_desk_hears_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream.aioredis.Redis, "from_url", lambda *_, **__: Busy())
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.02)

    async def refused() -> None:
        return None

    async def listen() -> int:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        return len([one async for one in stream._chunks(uuid4(), refused, gone)])

    assert asyncio.run(asyncio.wait_for(listen(), timeout=5)) > 1


@pytest.mark.django_db(transaction=True)
def test_who_lacks_the_factor_that_is_required_hears_nothing() -> None:
    from django.test import Client

    from helpdesk.people.tests.factories import make_member, make_organization
    from helpdesk.tenancy.models import Organization
    from helpdesk.tenancy.scope import organization_scope

    organization = make_organization()
    with organization_scope(organization.id):
        member = make_member()
    client, host = Client(HTTP_HOST=f"{organization.slug}.localhost"), f"{organization.slug}.localhost:80"
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    assert stream._authorised(host, session) == organization.id
    Organization.objects.update(requires_second_factor=True)
    assert stream._authorised(host, session) is None
    assert stream._authorised(f"{make_organization().slug}.localhost", session) is None


def test_a_page_hears_what_happened_while_it_was_on_its_way() -> None:
    organization = uuid4()
    began = time.time_ns() // 1_000_000
    publish(organization, "ticket", ticket=7)

    async def first(start: str, seconds: float = 0.3) -> list[str]:
        """What comes until the first event is there, or nothing within the time."""
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(seconds, lambda: gone.done() or gone.set_result(None))
        chunks = []
        async for chunk in stream._chunks(organization, allowed, gone, start):
            chunks.append(chunk.decode())
            if len(chunks) > 1 and not gone.done():
                gone.set_result(None)
        return chunks[1:]

    async def allowed() -> int:
        return 1

    heard = asyncio.run(first(stream._start("", f"since={began}".encode()), seconds=20))
    assert [chunk.splitlines()[1] for chunk in heard] == ['data: {"kind": "ticket", "ticket": 7}']
    last_id = heard[0].splitlines()[0].removeprefix("id: ")
    assert asyncio.run(first(stream._start(last_id, b"since=1"))) == []  # it had this one
    assert asyncio.run(first(stream._start("", b""))) == []  # from now on


@pytest.mark.parametrize(
    ("last_id", "query"),
    [("", b"since=1"), ("", b"since=now"), ("", b"since=%00"), ("x", b""), ("1-1\n2", b"since=")],
)
def test_an_old_or_broken_place_in_the_stream_is_now(last_id: str, query: bytes) -> None:
    assert not stream._start(last_id, query)
