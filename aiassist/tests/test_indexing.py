"""Two workers that read the same articles at the same moment leave each passage once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from aiassist.core.embed import MiniLM, Vectors
from aiassist.models import Passage
from aiassist.services import indexing
from governance.core.starter import starter
from governance.services import policies
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_at_once_keep_each_passage_once(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        for title in ("Returns", "Delivery", "Sizes"):
            make_article(title=title, body=f"{title} take three days.")
    both, embed = Barrier(2, timeout=20), MiniLM.embed

    def together(self: MiniLM, texts: Any) -> Vectors:
        vectors = embed(self, texts)
        if texts and "three days" in texts[0] and texts[0].startswith("Returns"):
            both.wait()  # both have read what is missing before either writes
        return vectors

    monkeypatch.setattr(MiniLM, "embed", together)

    def index(organization_id: UUID) -> int:
        try:
            return indexing.index_organization(organization_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(index, [organization.id] * 2)) == [3, 3]
    with organization_scope(organization.id):
        assert sorted(Passage.objects.values_list("article__title", flat=True)) == [
            "Delivery",
            "Returns",
            "Sizes",
        ]
