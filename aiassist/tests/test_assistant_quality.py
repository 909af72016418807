"""How good the assistant is with the built-in service: routine questions answered from the right article, others left.

Prints its figures: `pytest -s aiassist/tests/test_assistant_quality.py`; they stand in docs/ai-quality.md.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from aiassist.assistant import answering
from aiassist.assistant.models import Question
from aiassist.services import indexing
from aiassist.tests.assistant_questions import FILLED, OTHERS, ROUTINE
from aiassist.tests.factories_assistant import make_conversation, make_question
from governance.core.starter import starter
from governance.services import policies
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.starters import starters
from tickets.tests.factories import make_article


def filled(text: str) -> str:
    for gap, words in FILLED.items():
        text = text.replace(gap, words)
    return text


@pytest.fixture
def shop() -> Organization:
    organization = make_organization()
    with organization_scope(organization.id):
        base = starter()
        rules = replace(base.clauses, self_service=True)
        policies.adopt_starter(starter=replace(base, clauses=rules), member=make_member())
        for one in starters("shop", "en"):
            make_article(title=one.title, body=filled(one.body), slug=one.key)
    indexing.index_organization(organization.id)
    return organization


def told(shop: Organization, text: str) -> Question:
    with organization_scope(shop.id):
        key = make_question(make_conversation(), text=text).pk
    answering.handle(shop.id, key)
    with organization_scope(shop.id):
        return Question.objects.get(pk=key)


@pytest.mark.django_db(transaction=True)
def test_routine_questions_are_answered_and_others_are_left_to_people(shop: Organization) -> None:
    right, wrong, silent, loud = [], [], [], []
    for text, key in ROUTINE[1::2]:
        found = told(shop, text)
        slugs = [one["slug"] for one in found.sources]
        (silent if found.state == "person" else right if slugs[0] == key else wrong).append(
            (text, found.answer)
        )
    for text in OTHERS[1::2]:
        found = told(shop, text)
        if found.state == "answered":
            loud.append((text, found.answer))
    asked, others = len(ROUTINE[1::2]), len(OTHERS[1::2])
    print(  # noqa: T201 - shown with -s
        f"routine {asked}: right article {len(right)}, another {len(wrong)}, left to a person {len(silent)}; "
        f"others {others}: answered {len(loud)}"
    )
    print(*wrong, *silent, *loud, sep="\n")  # noqa: T201
    assert len(right) / asked >= 0.5
    assert len(wrong) <= 1
    assert len(loud) <= 1, loud
