"""Files that nothing names go after a day; what an attachment names, and what is young, stays."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets import tasks
from tickets.models import Attachment
from tickets.services.tidying import remove_orphans
from tickets.tests.factories import make_attachment

pytestmark = pytest.mark.django_db


def _file(organization: Organization, name: str, *, hours: int) -> str:
    path = default_storage.save(f"{organization.id}/attachments/{name}", ContentFile(b"x"))
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(default_storage.path(path), (then, then))
    return path


def _kept(organization: Organization) -> set[str]:
    return set(default_storage.listdir(f"{organization.id}/attachments")[1])


def test_only_old_files_without_an_attachment_go_and_only_ones_own() -> None:
    organization, other = make_organization(), make_organization()
    with organization_scope(organization.id):
        make_attachment(file=_file(organization, "sent", hours=900))
        make_attachment(file=_file(organization, "waiting", hours=900), message=None)
    _file(organization, "orphan", hours=25)
    _file(organization, "under way", hours=23)
    _file(other, "theirs", hours=900)
    default_storage.save(f"{organization.id}/exports/orphan", ContentFile(b"x"))
    assert tasks.tidy(organization_id=str(organization.id)) == 1
    assert _kept(organization) == {"sent", "waiting", "under way"}
    assert _kept(other) == {"theirs"}
    assert default_storage.exists(f"{organization.id}/exports/orphan")
    assert tasks.tidy(organization_id=str(organization.id)) == 0
    with organization_scope(organization.id):
        assert all(default_storage.exists(one.file.name) for one in Attachment.objects.all())


def test_a_name_that_only_another_organization_knows_keeps_nothing() -> None:
    organization, other = make_organization(), make_organization()
    path = _file(organization, "orphan", hours=25)
    with organization_scope(other.id):
        make_attachment(file=path)
    assert tasks.tidy(organization_id=str(organization.id)) == 1


def test_an_organization_without_files_is_no_error() -> None:
    assert tasks.tidy(organization_id=str(make_organization().id)) == 0


def test_a_file_that_another_run_removed_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    path = _file(organization, "orphan", hours=25)
    listed = default_storage.listdir(f"{organization.id}/attachments")
    default_storage.delete(path)
    monkeypatch.setattr(default_storage, "listdir", lambda _folder: listed)
    assert remove_orphans(organization_id=organization.id, now=timezone.now()) == 0


def test_every_organization_is_tidied_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(tasks.tidy, "apply_async", lambda **call: asked.append(call["kwargs"]))
    made = {str(make_organization().id) for _ in range(2)}
    tasks.tidy_all()
    assert made <= {one["organization_id"] for one in asked}
    entries = [
        one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == "tickets.files.tidy_all"
    ]
    assert [one["schedule"] for one in entries] == [86_400.0]
