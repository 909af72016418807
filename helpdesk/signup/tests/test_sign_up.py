"""A shop of one's own from the bare host: who gets in, who does not, and what nobody learns on the way."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone

from helpdesk.errors import Conflict
from helpdesk.people.founding import Shop, hand_over, open_shop
from helpdesk.people.models import AgreementAcceptance, FirstDay, HandOver, Membership, User
from helpdesk.people.tests.factories import PASSWORD, make_member, make_organization
from helpdesk.signup import views
from helpdesk.tenancy.addresses import RESERVED
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
BARE = {"HTTP_HOST": "localhost"}
GOOD = {
    "shop": "Birch & Bloom",
    "slug": "birch-and-bloom",
    "name": "Ana Ruiz",
    "email": "Ana@Birch.example",
    "password": PASSWORD,
    "language": "de",
    "timezone": "Europe/Berlin",
}


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    settings.SIGNUP_OPEN, settings.SIGNUP_CONFIRM = True, False


def ask(**changed: str) -> Any:
    return Client(**BARE).post("/sign-up/", {**GOOD, **changed})


def host_client(slug: str) -> Client:
    return Client(HTTP_HOST=f"{slug}.localhost")


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_a_person_is_at_their_own_desk_after_one_form() -> None:
    answer = ask()
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"http://birch-and-bloom.localhost:{settings.PORT}/welcome/")
    organization = Organization.objects.get(slug="birch-and-bloom")
    assert (organization.language, organization.timezone) == ("de", "Europe/Berlin")
    desk = host_client("birch-and-bloom")
    entered = desk.get(path_of(answer["Location"]))
    assert (entered.status_code, entered["Location"]) == (302, "/setup/")
    # Before anything else: the agreement.
    for path in ("/", "/setup/", "/settings/", "/admin/"):
        assert desk.get(path)["Location"] == "/agreement/", path
    page = desk.get("/agreement/").content.decode()
    version = re.search(r'name="version" value="([0-9a-f]{64})"', page)
    assert version
    assert desk.post("/agreement/", {"version": version[1]})["Location"] == "/setup/"
    assert desk.get("/setup/")["Location"] == "/setup/shop/"
    assert desk.get("/").status_code == 200
    with organization_scope(organization.id):
        owner = Membership.objects.get()
        assert (owner.role, owner.user.email, owner.user.name) == ("owner", "ana@birch.example", "Ana Ruiz")
        kept = AgreementAcceptance.objects.get()
        assert (kept.accepted_by_id, kept.version) == (owner.pk, version[1])
        assert "Article 28" in kept.text
        assert FirstDay.objects.count() == 1
    # And the password is theirs from now on.
    assert (
        host_client("birch-and-bloom").post(
            "/account/login/", {"login": "ana@birch.example", "password": PASSWORD}
        )["Location"]
        == "/"
    )


def test_the_way_in_works_once_for_two_minutes_and_on_its_own_host() -> None:
    make_organization(slug="elsewhere")
    link = path_of(ask()["Location"])
    assert host_client("elsewhere").get(link).status_code == 410
    assert host_client("birch-and-bloom").get(link).status_code == 302
    again = host_client("birch-and-bloom").get(link)
    assert again.status_code == 410
    assert "Sign in" in again.content.decode()
    with organization_scope(Organization.objects.get(slug="birch-and-bloom").id):
        member = Membership.objects.get()
        late = path_of(hand_over(member))
        HandOver.objects.filter(used_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert not HandOver.objects.filter(token_hash__in=[late]).exists(), "only the hash is kept"
    assert host_client("birch-and-bloom").get(late).status_code == 410


def test_whoever_was_kept_out_meanwhile_does_not_come_in() -> None:
    link = path_of(ask()["Location"])
    with organization_scope(Organization.objects.get(slug="birch-and-bloom").id):
        Membership.objects.update(is_active=False)
    assert host_client("birch-and-bloom").get(link).status_code == 410


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "ab"}, "At least 3"),
        ({"slug": "Not A Host"}, "Only small letters"),
        ({"slug": "-shop"}, "Only small letters"),
        ({"slug": "xn--shop"}, "kept for other uses"),
        ({"slug": "admin"}, "kept for other uses"),
        ({"slug": "a" * 41}, "At most 40"),
        ({"slug": "TAKEN"}, "is taken"),
        ({"shop": "  "}, "required"),
        ({"email": "nobody"}, "valid email"),
        ({"timezone": "Moon/Sea"}, "Moon/Sea"),
        ({"language": "xx"}, "xx"),
        ({"shop": "a\x00b"}, "Null"),
    ],
)
def test_bad_input_is_answered_in_words_and_makes_nothing(changed: dict[str, str], said: str) -> None:
    make_organization(slug="taken")
    answer = ask(**changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.filter(email="ana@birch.example").exists()
    assert PASSWORD not in answer.content.decode()


def test_the_password_is_measured(settings: Any) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}
    ]
    assert ask(password="short").status_code == 422


def test_an_account_that_exists_is_joined_only_with_its_password() -> None:
    with organization_scope(make_organization().id):
        user = make_member(email="ana@birch.example", name="Ana Old").user
    wrong = ask(password="something else entirely")
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "do not go together" in said
    assert "exists" not in said
    assert not Organization.objects.filter(slug="birch-and-bloom").exists()
    assert ask().status_code == 302
    with organization_scope(Organization.objects.get(slug="birch-and-bloom").id):
        assert Membership.objects.get().user_id == user.pk
    user.refresh_from_db()
    assert user.name == "Ana Old"


def test_with_mail_nobody_learns_whether_an_address_has_an_account(settings: Any) -> None:
    settings.SIGNUP_CONFIRM = True
    with organization_scope(make_organization().id):
        make_member(email="known@birch.example")
    with mock.patch("helpdesk.signup.services.enqueue", _at_once):
        known, new = ask(email="known@birch.example"), ask(email="fresh@birch.example", slug="other")
    for answer in (known, new):
        assert answer.status_code == 200
    plain = [
        re.sub(r"(known|fresh)@", "@", answer.content.decode().split("<main")[1]) for answer in (known, new)
    ]
    assert plain[0] == plain[1]
    assert not Organization.objects.filter(slug="birch-and-bloom").exists(), "nothing happens before the link"

    to_known, to_fresh = (re.search(r"http://\S+", str(one.body))[0] for one in mail.outbox)  # type: ignore[index]
    browser = Client(**BARE)
    assert "Open Birch" in browser.get(path_of(to_fresh)).content.decode()
    assert not Organization.objects.filter(slug="other").exists(), "a link does nothing before its button"
    assert browser.post(path_of(to_fresh))["Location"].startswith("http://other.localhost")
    assert browser.post(path_of(to_fresh)).status_code == 422, "the address is taken by then"
    assert browser.post(path_of(to_known), {"password": "wrong"}).status_code == 422
    assert browser.post(path_of(to_known)).status_code == 422
    assert browser.post(path_of(to_known), {"password": PASSWORD}).status_code == 302
    assert User.objects.filter(email="known@birch.example").count() == 1


def _at_once(task: Any, **arguments: Any) -> bool:
    task(**arguments)
    return True


def test_a_forged_or_old_letter_opens_nothing(settings: Any) -> None:
    settings.SIGNUP_CONFIRM = True
    with mock.patch("helpdesk.signup.services.enqueue", _at_once):
        ask()
    link = path_of(re.search(r"http://\S+", str(mail.outbox[0].body))[0])  # type: ignore[index]
    assert PASSWORD not in str(mail.outbox[0].body)
    browser = Client(**BARE)
    assert browser.get(link[:-9] + "x/").status_code == 410
    tomorrow = timezone.now() + timedelta(hours=25)
    with mock.patch("helpdesk.signup.services.timezone.now", return_value=tomorrow):
        assert browser.post(link).status_code == 410
    assert not Organization.objects.filter(slug="birch-and-bloom").exists()


def test_one_may_not_try_for_ever() -> None:
    cache.clear()
    with mock.patch.object(views, "SIGN_UPS_PER_ADDRESS", 2):
        codes = [ask(slug="ab").status_code for _ in range(4)]
    assert codes == [422, 422, 429, 429]
    cache.clear()
    with mock.patch.object(views, "SIGN_UPS_AN_HOUR", 2):
        codes = [ask(slug="ab", email=f"n{n}@birch.example").status_code for n in range(3)]
    assert codes == [422, 422, 429]


def test_the_live_word_about_an_address() -> None:
    make_organization(slug="taken")
    browser = Client(**BARE)

    def says(slug: str) -> str:
        return str(browser.get("/sign-up/address/", {"slug": slug}).content.decode())

    assert "is free" in says("Birch")
    assert "is taken" in says("taken")
    assert "kept for other uses" in says("www")
    assert "is free" not in says("")
    assert "<script" not in says("<script>alert(1)</script>")
    with mock.patch.object(views, "CHECKS_A_MINUTE", 1):
        assert browser.get("/sign-up/address/", {"slug": "birch"}).status_code == 204


def test_closed_is_closed(settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    browser = Client(**BARE)
    assert "/sign-up/" not in browser.get("/").content.decode()
    assert ask().status_code == 404
    assert browser.get("/sign-up/").status_code == 404
    assert browser.get("/sign-up/address/?slug=abc").status_code == 404
    assert browser.get("/sign-up/confirm/x/").status_code == 404
    settings.SIGNUP_OPEN = True
    assert "/sign-up/" in browser.get("/").content.decode()


def test_the_sign_up_is_on_the_bare_host_only() -> None:
    make_organization(slug="taken")
    assert host_client("taken").get("/sign-up/").status_code == 404


def test_what_our_own_hosts_are_called_is_reserved() -> None:
    assert {"www", "api", "admin", "mail", "localhost"} <= RESERVED


@pytest.mark.django_db(transaction=True)
def test_two_who_want_the_same_address_at_once() -> None:
    barrier, got = threading.Barrier(2), []

    def try_it(email: str) -> None:
        try:
            with mock.patch("helpdesk.people.founding.addresses.problem", return_value=""):
                barrier.wait(5)
                open_shop(shop=Shop("rosebud", "Rosebud"), user=User(email=email, password="!"))
            got.append("opened")
        except Conflict:
            got.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it, args=(f"{n}@race.example",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(got) == ["opened", "taken"]
    assert Organization.objects.filter(slug="rosebud").count() == 1
    assert User.objects.filter(email__endswith="@race.example").count() == 1, "nothing of the loser is left"
