"""Signing in on an organization's host: members only, with limits, second factors and a strict content policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.test import Client

from helpdesk.people.models import Membership
from helpdesk.people.services import invite
from helpdesk.people.tests.factories import PASSWORD, make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered, sign_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def _member(shop: Organization, role: str = "owner", **fields: Any) -> Membership:
    with organization_scope(shop.id):
        return make_member(role, **fields)


def _code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def _plain(response: Any) -> str:
    """The page without its one-time CSRF token and without the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'value="[^"]*@[^"]*"', 'value=""', text)


def test_a_member_signs_in_with_address_and_password(shop: Organization) -> None:
    member = _member(shop)
    response = sign_in(browser_of(shop), member.user.email)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_strangers_right_password_answers_like_a_wrong_one(shop: Organization) -> None:
    elsewhere = make_organization()
    stranger = _member(elsewhere)
    right = sign_in(browser_of(shop), stranger.user.email)
    wrong = sign_in(browser_of(shop), stranger.user.email, "not the password")
    unknown = sign_in(browser_of(shop), "nobody@shop.example", "not the password")
    assert right.status_code == wrong.status_code == unknown.status_code == 200
    assert _plain(right) == _plain(wrong) == _plain(unknown)
    headers = [{**one.headers, "Content-Length": "", "Set-Cookie": ""} for one in (right, wrong, unknown)]
    assert headers[0] == headers[1] == headers[2]


def test_a_deactivated_member_is_out_at_once(shop: Organization) -> None:
    member = _member(shop)
    client = browser_of(shop, member)
    assert client.get("/profile/").status_code == 200
    with organization_scope(shop.id):
        Membership.objects.filter(pk=member.pk).update(is_active=False)
    assert client.get("/profile/").status_code == 302
    assert "sessionid" not in sign_in(browser_of(shop), member.user.email).cookies


def test_a_session_of_one_organization_is_nobody_in_another(shop: Organization) -> None:
    member = _member(shop)
    client = browser_of(shop, member)
    other = make_organization()
    response = client.get("/profile/", HTTP_HOST=f"{other.slug}.localhost")
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_guessing_is_stopped_even_with_the_strangers_right_password(shop: Organization) -> None:
    stranger = _member(make_organization())
    client = browser_of(shop)
    pages = [_plain(sign_in(client, stranger.user.email)) for _ in range(6)]
    assert "Too many failed login attempts" in pages[-1]
    member = _member(shop)
    wrong = [sign_in(browser_of(shop), member.user.email, f"wrong {n}") for n in range(6)]
    assert "Too many failed login attempts" in wrong[-1].content.decode()


def test_totp_is_asked_for_and_its_secret_is_unreadable_in_the_table(shop: Organization) -> None:
    member = _member(shop)
    with organization_scope(shop.id):
        TOTP.activate(member.user, SECRET)
        RecoveryCodes.activate(member.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        stored = cursor.fetchone()[0]
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert SECRET not in stored
    assert not any(code in stored for code in codes)
    client = browser_of(shop)
    assert sign_in(client, member.user.email)["Location"] == "/account/2fa/authenticate/"
    assert client.get("/profile/").status_code == 302, "the password alone opens nothing"
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/authenticate/", {"code": _code()})["Location"] == "/"
    assert client.get("/profile/").status_code == 200


def test_a_recovery_code_works_once(shop: Organization) -> None:
    member = _member(shop)
    with organization_scope(shop.id):
        TOTP.activate(member.user, SECRET)
        code = RecoveryCodes.activate(member.user).get_unused_codes()[0]
    first, second = browser_of(shop), browser_of(shop)
    for client in (first, second):
        sign_in(client, member.user.email)
    assert first.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 200


def test_a_required_second_factor_comes_before_the_desk(shop: Organization) -> None:
    Organization.objects.filter(pk=shop.pk).update(requires_second_factor=True)
    member = _member(shop)
    client = browser_of(shop)
    sign_in(client, member.user.email)
    for path in ("/", "/profile/", "/people/", "/admin/"):
        assert client.get(path)["Location"] == "/account/2fa/", path
    assert client.get("/api/v1/tickets/").status_code == 403
    assert client.get("/profile/", HTTP_HX_REQUEST="true")["HX-Redirect"] == "/account/2fa/"
    assert client.get("/account/2fa/").status_code == 200
    with organization_scope(shop.id):
        RecoveryCodes.activate(member.user)
    assert client.get("/profile/").status_code == 302, "recovery codes alone are no second factor"
    with organization_scope(shop.id):
        TOTP.activate(member.user, SECRET)
    assert client.get("/profile/").status_code == 200


def test_a_stolen_session_cannot_change_the_second_factor(shop: Organization) -> None:
    member = _member(shop)
    client = browser_of(shop)
    sign_in(client, member.user.email)
    for path in ("/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"):
        assert client.get(path)["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": "guessed"})
    assert client.get("/account/2fa/totp/activate/").status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_a_passkey_asks_this_host_and_no_other(shop: Organization) -> None:
    client = browser_of(shop)
    response = client.get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    assert response.status_code == 200
    assert response.json()["request_options"]["publicKey"]["rpId"] == f"{shop.slug}.localhost"


def test_a_strangers_passkey_opens_nothing(shop: Organization) -> None:
    """Passkeys skip the password form: the last door refuses whoever is no member here."""
    from allauth.account.adapter import get_adapter
    from allauth.core import context
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.test import RequestFactory

    stranger, member = _member(make_organization()), _member(shop)
    request = RequestFactory().get("/")
    request.session = Client().session
    request._messages = FallbackStorage(request)
    given = {"email_verification": "none", "signal_kwargs": None, "email": None, "signup": False}
    with organization_scope(shop.id), context.request_context(request):
        door = get_adapter(request).pre_login
        refused = door(request, stranger.user, redirect_url=None, **given)
        assert refused["Location"] == "/account/login/"
        assert door(request, member.user, redirect_url=None, **given) is None


def test_nobody_signs_up(shop: Organization) -> None:
    client = browser_of(shop)
    client.post("/account/signup/", {"email": "new@shop.example", "password1": "a long enough phrase"})
    assert not get_user_model().objects.filter(email="new@shop.example").exists()


def test_a_forgotten_password_is_reset_by_mail_and_only_members_get_one(shop: Organization) -> None:
    member, stranger = _member(shop), _member(make_organization())
    with delivered():
        answers = [
            browser_of(shop).post("/account/password/reset/", {"email": email})
            for email in (member.user.email, stranger.user.email, "nobody@shop.example")
        ]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, "/account/password/reset/done/")}
    assert [one.to for one in mail.outbox] == [[member.user.email]]
    path = re.search(r"http://[^/\s]+(/account/password/reset/key/\S+)", mail.outbox[0].body)
    assert path, mail.outbox[0].body
    client = browser_of(shop)
    form = client.get(path[1])["Location"]
    changed = client.post(form, {"password1": "another long phrase", "password2": "another long phrase"})
    assert changed.status_code == 302
    assert sign_in(browser_of(shop), member.user.email).status_code == 200
    assert sign_in(browser_of(shop), member.user.email, "another long phrase").status_code == 302


def test_sessions_are_listed_and_can_be_ended(shop: Organization) -> None:
    member = _member(shop)
    here, there = browser_of(shop), browser_of(shop)
    for client in (here, there):
        sign_in(client, member.user.email)
        client.get("/profile/")
    assert here.get("/account/sessions/").status_code == 200
    here.post("/account/sessions/")
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


PAGES = (
    "/account/login/", "/account/logout/", "/account/password/reset/", "/account/password/reset/done/",
    "/account/password/change/", "/account/sessions/", "/account/2fa/", "/account/2fa/totp/activate/",
    "/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/",
    "/account/2fa/webauthn/", "/account/2fa/webauthn/add/", "/account/reauthenticate/", "/account/2fa/authenticate/",
    "/people/", "/profile/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_sign_in_needs_an_inline_script_or_style(shop: Organization, path: str) -> None:
    member = _member(shop)
    if "deactivate" in path or "authenticate/" in path or path.endswith("recovery-codes/"):
        with organization_scope(shop.id):
            TOTP.activate(member.user, SECRET)
            RecoveryCodes.activate(member.user)
    client = browser_of(shop)
    sign_in(client, member.user.email)
    if path != "/account/2fa/authenticate/" and client.get("/profile/").status_code == 302:
        client.post("/account/2fa/authenticate/", {"code": _code()})
    if path.endswith(("login/", "reset/", "done/")):
        client = browser_of(shop)
    elif "reauthenticate" not in path and path != "/account/2fa/authenticate/":
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code, response.get("Location"))
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    html = response.content.decode()
    for attributes, content in re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.DOTALL):
        data = 'type="application/json"' in attributes
        assert data or ("src=" in attributes and not content.strip()), f"inline script on {path}"
    assert not re.search(r"<[^>]+\son[a-z]+=", html), f"inline handler on {path}"
    assert not re.search(r"<[^>]+\sstyle=", html), f"inline style on {path}"
    assert "<style" not in html


def test_an_invitation_is_accepted_in_the_browser(shop: Organization) -> None:
    owner = _member(shop)
    with organization_scope(shop.id):
        link = invite(email="new@shop.example", role="agent", member=owner).link
    path = "/" + link.split("/", 3)[3]
    client = browser_of(shop)
    assert client.get(path).status_code == 200
    short = client.post(path, {"name": "", "password": "a long enough phrase"})
    assert short.status_code == 422
    done = client.post(path, {"name": "Nia", "password": "a long enough phrase"})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.get("/profile/").status_code == 200
    assert browser_of(shop).get(path).status_code == 410
    other = make_organization()
    assert browser_of(other).get(path).status_code == 410, "another organization does not know the link"


def test_a_known_person_joins_with_the_password_they_have(shop: Organization) -> None:
    owner, known = _member(shop), _member(make_organization(), email="both@shop.example")
    with organization_scope(shop.id):
        link = invite(email="both@shop.example", role="agent", member=owner).link
    path = "/" + link.split("/", 3)[3]
    client = browser_of(shop)
    assert client.post(path, {"password": "guessed"}).status_code in (403, 422)
    assert client.post(path, {"password": PASSWORD})["Location"] == "/"
    with organization_scope(shop.id):
        assert Membership.objects.get(user=known.user).role == "agent"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/people/invite/", {"email": "x@shop.example", "role": "owner"}),
        ("/people/{pk}/role/", {"role": "owner"}),
        ("/people/{pk}/active/", {"is_active": "0"}),
        ("/people/{pk}/inboxes/", {"inboxes": "1"}),
        ("/people/invitations/{pk}/withdraw/", {}),
    ],
)
def test_who_may_change_people(shop: Organization, path: str, data: dict[str, str]) -> None:
    """Anonymous, agent, and another organization's owner: sign-in, refused, not found."""
    target, agent = _member(shop), _member(shop, "agent")
    other = make_organization()
    theirs = _member(other)
    with organization_scope(shop.id):
        pk = invite(email="y@shop.example", role="agent", member=target).invitation.pk
    where = path.format(pk=pk if "invitations" in path else target.pk)
    assert "/account/login/" in browser_of(shop).post(where, data)["Location"]
    assert browser_of(shop, agent).post(where, data).status_code == 403
    if "{pk}" in path:
        assert browser_of(other, theirs).post(where, data).status_code == 404


def test_owners_manage_people_on_the_page(shop: Organization) -> None:
    owner, agent = _member(shop), _member(shop, "agent")
    client = browser_of(shop, owner)
    page = client.get("/people/").content.decode()
    assert agent.user.email in page
    client.post(f"/people/{agent.pk}/role/", {"role": "officer"})
    refused = client.post(f"/people/{owner.pk}/role/", {"role": "agent"}, follow=True)
    assert "last owner" in refused.content.decode()
    with organization_scope(shop.id):
        assert Membership.objects.get(pk=agent.pk).role == "officer"
        assert Membership.objects.get(pk=owner.pk).role == "owner"
    assert client.post("/people/invite/", {"email": "nonsense", "role": "agent"}).status_code == 422


def test_a_profile_has_a_name_and_a_name_for_customers(shop: Organization) -> None:
    member = _member(shop)
    client = browser_of(shop, member)
    assert client.post("/profile/", {"name": "", "work_name": ""}).status_code == 422
    client.post("/profile/", {"name": "Ada Lovelace", "work_name": "Ada"})
    with organization_scope(shop.id):
        assert Membership.objects.select_related("user").get(pk=member.pk).display_name == "Ada"


def test_the_people_page_costs_the_same_with_two_and_with_twenty(shop: Organization) -> None:
    from django.test.utils import CaptureQueriesContext

    from helpdesk.people.permissions import grant_inbox
    from tickets.tests.factories import make_inbox

    client = browser_of(shop, _member(shop))
    counts = []
    for size in (2, 20):
        with organization_scope(shop.id):
            for _ in range(size):
                grant_inbox(make_member("agent"), make_inbox())
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/people/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
