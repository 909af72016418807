"""What the acknowledgement says about time: the promise, until when it is closed, and the shop's own text."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from governance.core.expect import Expectation, sentences
from governance.core.starter import starter
from governance.services import policies
from helpdesk.people.tests.factories import make_member
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets import tasks
from tickets.mail.send import send
from tickets.models import Inbox, Message
from tickets.services import acknowledging
from tickets.tests.factories import make_closed_days, make_hours, make_target
from tickets.tests.mails import arrive, shop

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 29, 12, 0, tzinfo=BERLIN)


@pytest.fixture(name="open_shop")
def _open_shop() -> tuple[Organization, Inbox]:
    organization, inbox = shop(name="Boots & Co")
    Organization.objects.filter(pk=organization.pk).update(timezone="Europe/Berlin")
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
    return organization, inbox


def _told(organization: Organization, inbox: Inbox, text: str) -> str:
    arrive(inbox, text)
    with organization_scope(organization.id):
        newest = Message.objects.filter(kind="inbound").order_by("-pk").first()
    assert tasks.acknowledge(organization_id=str(organization.id), message_id=newest.pk) == "send"
    with organization_scope(organization.id):
        queued = Message.objects.get(kind="ack", state="queued").pk
    assert send(organization_id=organization.id, message_id=queued) == "sent"
    return str(mail.outbox[-1].body)


ENGLISH = "Hello, where is my order? I have waited for it for two weeks now."
GERMAN = "Guten Tag, wo ist meine Bestellung? Ich warte schon seit zwei Wochen darauf."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ENGLISH,
            (
                "We are stocktaking.",
                "within 4 opening hours",
                "We are closed until Monday 9:00.",
                "AI may help",
            ),
        ),
        (
            GERMAN,
            (
                "Wir machen Inventur.",
                "innerhalb von 4 Stunden",
                "Wir haben bis Montag, 9:00 Uhr, geschlossen.",
            ),
        ),
    ],
)
def test_a_closed_shop_says_when_it_opens_and_what_it_promises(
    open_shop: tuple[Organization, Inbox], monkeypatch: Any, text: str, expected: tuple[str, ...]
) -> None:
    organization, inbox = open_shop
    with organization_scope(organization.id):
        make_hours()
        make_target(first_minutes=240)
        texts = {"en": "We are stocktaking.", "de": "Wir machen Inventur."}
        make_closed_days(starts_on="2026-11-28", ends_on="2026-11-29", texts=texts)
    monkeypatch.setattr(acknowledging.timezone, "now", lambda: SUNDAY)
    body = _told(organization, inbox, text)
    for sentence in expected:
        assert sentence in body


def test_an_open_shop_without_targets_promises_what_its_rules_say(
    open_shop: tuple[Organization, Inbox],
) -> None:
    organization, inbox = open_shop
    body = _told(organization, inbox, ENGLISH)
    assert "You can expect an answer within" in body
    assert "closed" not in body


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("minutes", [1, 45, 60, 90, 240])
@pytest.mark.parametrize("always", [True, False])
def test_every_promise_has_its_sentence_in_every_language(language: str, minutes: int, always: bool) -> None:
    asked = Expectation(
        now=SUNDAY, minutes=minutes, always_open=always, opens_at=SUNDAY.replace(day=30, hour=9)
    )
    promise, closed = sentences(asked, language, "otherwise")
    assert "{" not in promise + closed
    assert "9:00" in closed
    if minutes == 90:
        assert "2" in promise, "rounded up: a promise is not made shorter than it is"


def test_far_away_the_date_is_said() -> None:
    asked = Expectation(now=SUNDAY, opens_at=datetime(2027, 1, 7, 8, 30, tzinfo=BERLIN))
    said = [sentences(asked, language, "x")[1] for language in ("en", "de", "fr", "es")]
    assert said == [
        "We are closed until 7 January, 8:30.",
        "Wir haben bis 7. Januar, 8:30 Uhr, geschlossen.",
        "Nous sommes fermés jusqu'au 7 janvier à 8:30.",
        "Estamos cerrados hasta el 7 de enero a las 8:30.",
    ]
