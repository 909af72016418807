"""Every address with a number in it: another organization's number is 404, the own one is not. None is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from aiassist.tests.factories_drafting import make_help
from aiassist.tests.factories_learning import make_golden, make_topic_proposal
from aiassist.tests.factories_sorting import make_sorting, make_topic_merge
from helpdesk.people.models import Customer, Membership, Role
from helpdesk.people.tests.factories import PASSWORD, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.portal.tests.support import signed_in
from helpdesk.tenancy.models import Domain, Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message

pytestmark = pytest.mark.django_db

NUMBERS = {"pk", "number", "run", "lesson"}
#: Addresses of others' making, and the admin's, which has tests of its own.
ELSEWHERE = ("account/", "admin/")
#: What the numbers in an address name: a key of `_rows`. A new address says it here.
NAMES = {
    "ai-topic": "topic proposal",
    "ai-test": "test question",
    "ai-test-remove": "test question",
    "people-withdraw": "invitation",
    "people-role": "member",
    "people-active": "member",
    "people-forget": "member",
    "people-inboxes": "member",
    "settings-key-revoke": "key",
    "settings-address-remove": "domain",
    "settings-address-state": "domain",
    "settings-leaving-file": "takeout",
    "settings-leaving-state": "takeout",
    "concern-answer": "concern",
    "outside-answer": "question from outside",
    "rules-read": "policy",
    "rules-comment": "policy",
    "training-answer": "lesson",
    "api-articles-detail": "article",
    "portal-take-back": "request",
    "portal-file": "sent file",
    "portal-why": "answer",
    "portal-look-again": "answer",
    "desk:take_over": "draft",
    "desk:forward": "message",
    "desk:images": "message",
    "desk:source": "message",
    "desk:try_again": "written",
    "desk:ask_owner": "written",
    "desk:undo": "written",
    "desk:detach": "loose file",
    "desk:reply_insert": "ready reply",
    "desk:unblock": "blocked",
    "desk:view_remove": "view",
    "desk:closed_remove": "closed",
    "desk:attachment": "attachment",
    "desk:reply": "canned",
    "settings-topics-unmerge": "merge of topics",
    **dict.fromkeys(("sorting-accept", "sorting-refuse", "sorting-undo"), "sorting"),
    "desk:reply_remove": "canned",
    **dict.fromkeys(("ai-help-use", "ai-help-undo", "ai-help-dismiss"), "help"),
    **dict.fromkeys(("desk:mailbox_history_stop", "desk:mailbox_history_resume"), "run"),
    **dict.fromkeys(("desk:article", "desk:article_publish"), "article"),
    **dict.fromkeys(("desk:article_withdraw", "desk:article_remove"), "article"),
}
#: What an owner sets, by how its address begins; the second set is for whoever answers, too.
OWNERS = ("settings/", "setup/", "people/", "agreement/")
ANYBODYS = {"people", "setup-knowledge", "desk:blocked", "desk:unblock"}
#: Taking away what is not there says what is there.
SAYS_WHAT_IS_LEFT = {"desk:detach"}


@dataclass
class Shop:
    """An organization with one row of everything, its owner's browser, and its customer's."""

    organization: Organization
    owner: Client
    portal: Client
    rows: dict[str, dict[str, Any]]

    def browser_for(self, name: str) -> Client:
        return self.portal if name.startswith("portal") else self.owner


def _make(room: str, name: str, *args: Any, **fields: Any) -> Any:
    factory: Callable[..., Any] = getattr(import_module(f"{room}.tests.factories"), f"make_{name}")
    return factory(*args, **fields)


def _shop(*, older_tickets: int = 0) -> Shop:
    organization = make_organization()
    with organization_scope(organization.id):
        owner = make_member()
        for _n in range(older_tickets):
            _make("tickets", "ticket")
        customer, rows = _rows(organization, owner)
    return Shop(organization, _signed_in(organization, owner), signed_in(organization, customer), rows)


def _signed_in(organization: Organization, member: Membership) -> Client:
    browser = browser_of(organization)
    signed = browser.post("/account/login/", {"login": member.user.email, "password": PASSWORD})
    assert signed.status_code == 302
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def _rows(organization: Organization, owner: Membership) -> tuple[Customer, dict[str, dict[str, Any]]]:
    """The customer, and one row of whatever an address names: the values of its numbers."""
    ticket = _make("tickets", "ticket")
    mail = _make("tickets", "raw_mail", inbox=ticket.inbox)
    asked = _make("tickets", "inbound", ticket, raw_mail=mail)
    _make("aiassist", "draft", asked)
    by_ai = {"ai_involvement": "verbatim", "decision": _make("governance", "decision")}
    answer = _make("tickets", "reply", ticket, author=owner, **by_ai)
    _make("tickets", "approval", answer)
    for state in ("queued", "sending", "sent"):
        Message.objects.filter(pk=answer.pk).update(state=state)
    run = _make("tickets", "mailbox_run", kind="history", state="stopped")
    question = {"question": "Who approves?", "choices": ["A person", "The AI"], "right": 0}
    course = _make("governance", "course", lessons=[{"title": "One", "text": "Read.", "quiz": [question]}])
    path = default_storage.save(f"{organization.id}/attachments/any", ContentFile(b"x"))
    on_ticket = {
        "message": asked,
        "answer": answer,
        "written": _make("tickets", "reply", ticket, author=owner),
        "sent file": _make("tickets", "attachment", asked, file=path),
        "loose file": _make("tickets", "attachment", asked, file=path),
        "draft": _make("tickets", "composer_draft", ticket=ticket),
        "ready reply": _make("tickets", "canned_reply"),
        "help": make_help(ticket=ticket, member=owner, kind="shorter", state="done", text="Short."),
    }
    on_ticket["sorting"] = make_sorting(asked)
    alone = {
        "invitation": _make("helpdesk.people", "invitation"),
        "member": make_member(),
        "key": _make("helpdesk.people", "token"),
        "domain": Domain.objects.create(
            organization=organization, host=f"help.{organization.slug}.example", verified_at=timezone.now()
        ),
        "takeout": _make("helpdesk.privacy", "takeout", state="ready", file=path),
        "policy": _make("governance", "policy", round_opened_at=timezone.now()),
        "concern": _make("governance", "record", kind="concern"),
        "question from outside": _make("governance", "record", kind="question", is_from_outside=True),
        "request": _make("governance", "request", customer=ticket.customer),
        "article": _make("tickets", "article"),
        "attachment": _make("tickets", "attachment", asked, file=path),
        "canned": _make("tickets", "canned_reply"),
        "import": _make("tickets", "import"),
        "blocked": _make("tickets", "blocked_sender"),
        "closed": _make("tickets", "closed_days"),
        "view": _make("tickets", "saved_view", owner=owner),
        "inbox": run.mailbox.inbox,
        "service": _make("aiassist", "service"),
        "merge of topics": make_topic_merge(),
        "topic proposal": make_topic_proposal(),
        "test question": make_golden(),
    }
    return ticket.customer, {
        "ticket": {"number": ticket.number},
        "lesson": {"key": course.key, "lesson": 0},
        "run": {"pk": run.mailbox.inbox_id, "run": run.pk},
        **{name: {"number": ticket.number, "pk": row.pk} for name, row in on_ticket.items()},
        **{name: {"pk": row.pk} for name, row in alone.items()},
    }


def _addresses() -> list[str]:
    """Names of the addresses with a number in them."""
    return sorted({name for name, _path, places in _walk(get_resolver("helpdesk.urls")) if NUMBERS & places})


def _walk(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str, set[str]]]:
    """Name, pattern and places of each address."""
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if here.startswith(ELSEWHERE):
            continue
        if isinstance(one, URLResolver):
            yield from _walk(one, here, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield space + one.name, here, {*one.pattern.converters, *one.pattern.regex.groupindex}


def _named_by(name: str) -> str:
    """What the numbers of this address name."""
    if name in NAMES:
        return NAMES[name]
    for start, what in (
        ("desk:mailbox", "inbox"),
        ("desk:import", "import"),
        ("desk:inbox", "inbox"),
        ("settings-ai-", "service"),
    ):
        if name.startswith(start):
            return what
    return "ticket"


def _answers(browser: Client, url: str) -> list[int]:
    """What looking at it and changing it are answered with; nothing that was changed stays."""
    found = []
    sent: dict[str, Any] = (
        {"data": {"text": "Hello", "revision": 0}, "content_type": "application/json"}
        if "/api/" in url
        else {}
    )
    for method, given in ((browser.get, {}), (browser.post, sent)):
        with transaction.atomic():
            response = method(url, **given)
            if response.streaming:
                list(response)  # closes the file
            transaction.set_rollback(True)
        found.append(response.status_code)
    return found


def _reach(shop: Shop, name: str, numbers: dict[str, Any]) -> list[int]:
    try:
        url = reverse(name, kwargs=numbers, urlconf="helpdesk.urls")
    except NoReverseMatch:
        pytest.fail(f"Say in NAMES what the numbers of {name} name.")
    return _answers(shop.browser_for(name), url)


def test_a_number_of_another_organization_is_not_found() -> None:
    ours, theirs = _shop(), _shop(older_tickets=3)
    wrong = []
    for name in _addresses():
        own, foreign = ours.rows[_named_by(name)], theirs.rows[_named_by(name)]
        tried = [foreign]
        last = list(foreign)[-1]
        if len(foreign) > 1 and own[last] != foreign[last] and name not in SAYS_WHAT_IS_LEFT:
            tried.append({**own, last: foreign[last]})
        for numbers in tried:
            answers = _reach(ours, name, numbers)
            if not {404} <= set(answers) <= {404, 405}:
                wrong.append((name, numbers, answers))
    assert wrong == []


def test_the_own_number_is_found() -> None:
    """Else the test above would prove nothing."""
    ours = _shop()
    wrong = []
    for name in _addresses():
        answers = _reach(ours, name, ours.rows[_named_by(name)])
        if set(answers) <= {404, 405} or max(answers) >= 500:
            wrong.append((name, answers))
    assert wrong == []


def test_a_ticket_of_an_inbox_one_does_not_work_in_is_not_found() -> None:
    shop = _shop()
    with organization_scope(shop.organization.id):
        agent = make_member(Role.AGENT)
    browser, wrong = _signed_in(shop.organization, agent), []
    for name in _addresses():
        numbers = shop.rows[_named_by(name)]
        if name.startswith("portal") or not ("number" in numbers or name == "desk:attachment"):
            continue
        answers = _reach(Shop(shop.organization, browser, shop.portal, shop.rows), name, numbers)
        if not {404} <= set(answers) <= {404, 405}:
            wrong.append((name, answers))
    assert wrong == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_what_the_owner_sets_is_refused_to_others(role: Role) -> None:
    shop = _shop()
    with organization_scope(shop.organization.id):
        browser = _signed_in(shop.organization, make_member(role))
    wrong = []
    for name, path, places in _walk(get_resolver("helpdesk.urls")):
        if not path.startswith(OWNERS) or name in ANYBODYS:
            continue
        numbers = shop.rows[_named_by(name)] if NUMBERS & places else dict.fromkeys(places, "mailbox")
        answers = _answers(browser, reverse(name, kwargs=numbers, urlconf="helpdesk.urls"))
        if not {403} <= set(answers) <= {403, 405}:
            wrong.append((name, answers))
    assert wrong == []
