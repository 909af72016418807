"""A stream ends when its reader loses access, also where something happens all the time."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from helpdesk.live import stream


class Busy:
    """A Valkey client on whose channel the next message is always there."""

    def pubsub(self, **_options: Any) -> Busy:
        return self

    async def subscribe(self, _channel: str) -> None:
        pass

    async def get_message(self, **_options: Any) -> dict[str, str]:
        await asyncio.sleep(0.001)
        return {"data": "{}"}

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
