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
