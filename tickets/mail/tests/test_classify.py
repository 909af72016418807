"""Machines are not answered, people are: a wrong guess is a mail loop or a customer left alone."""

from __future__ import annotations

import pytest

from tickets.mail import classify, parse, tokens
from tickets.mail.tests.data import mail, mail_files

OWN = {"help@acme.example", "billing@acme.example"}
DOMAINS = {"acme.example"}
KEY = b"k" * 32


def kind(found: parse.ParsedMail) -> str:
    return classify.classify(found, OWN, DOMAINS).kind


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto_submitted": "no"},
        {"from": "Eve <eve@acme.example>"},  # a colleague at the organization's own domain
        {"from": "Eve <eve@acme.example>", "message_id": "<random@acme.example>"},
        {"subject": "Re: Out of office"},
        {"subject": "Out of office chairs, price?"},
        {"subject": "Automatic door is broken"},
        {"from": "shop@forms.example", "reply_to": "ana@customer.example"},
        {"from": "no-reply@forms.example", "reply_to": "ana@customer.example"},  # a contact form
        {"precedence": "normal"},
        {"x_helpdesk_loop": "other-helpdesk.example"},  # a person at another firm that runs this product
        {"return_path": "<ana@customer.example>"},
    ],
)
def test_people(headers: dict[str, str]) -> None:
    assert kind(mail(**headers)) == "human"


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated (failure)"},
        {"x_auto_response_suppress": "All"},
        {"x_auto_response_suppress": "DR, OOF, AutoReply"},
        {"precedence": "auto_reply"},
        {"x_autoreply": "yes"},
        {"x_autorespond": ""},
        {"x_fc_machinegenerated": "true"},
        {"return_path": "<>"},
        {"subject": "Automatic reply: Question"},
        {"subject": "Abwesenheitsnotiz: Frage"},
        {"subject": "Automatische Antwort: Frage"},
        {"subject": "Réponse automatique : Question"},
        {"subject": "Respuesta automática: Pregunta"},
        {"subject": "Out of Office: back on Monday"},
        {"from": "noreply@shop.example"},
        {"from": "Do Not Reply <do-not-reply@shop.example>", "reply_to": "no-reply@shop.example"},
    ],
)
def test_machines_that_answer(headers: dict[str, str]) -> None:
    if headers.get("x_autorespond") == "":
        found = parse.parse(b"From: a@b.example\r\nX-Autorespond:\r\n\r\nx")
        assert kind(found) == "auto_reply"
    else:
        assert kind(mail(**headers)) == "auto_reply"


@pytest.mark.parametrize(
    "headers",
    [{"list_id": "<x.lists.example>"}, {"precedence": "bulk"}, {"list_unsubscribe": "<https://x.example>"}],
)
def test_lists(headers: dict[str, str]) -> None:
    assert kind(mail(**headers)) == "list"


@pytest.mark.parametrize(
    "headers",
    [
        {"x_helpdesk_loop": "acme.example"},
        {"x_helpdesk_loop": "Help@Acme.example"},
        {"from": "Help <HELP@acme.example>"},
        {"message_id": f"<{tokens.message_id(KEY, '17', 'acme.example')}>"},
        {"from": "billing@acme.example", "auto_submitted": "auto-replied"},
    ],
)
def test_our_own_mail_coming_back(headers: dict[str, str]) -> None:
    assert kind(mail(**headers)) == "loop"


def test_another_organizations_mail_is_no_loop() -> None:
    other = tokens.message_id(KEY, "17", "other.example")
    assert kind(mail(message_id=f"<{other}>", x_helpdesk_loop="other.example")) == "human"


def test_public_replies_are_people_and_public_vacations_are_not() -> None:
    for file in mail_files("replies"):
        assert kind(parse.parse(file.read_bytes())) == "human", file.name
    for file in mail_files("bounces", "rfc3834-*.eml"):
        assert kind(parse.parse(file.read_bytes())) == "auto_reply", file.name


def test_no_public_bounce_is_taken_for_a_person() -> None:
    """A delivery report that is read as a customer's words would be acknowledged, and that is a loop."""
    taken = {file.name for file in mail_files("bounces") if kind(parse.parse(file.read_bytes())) == "human"}
    # Two of them are people's mails: a bounce forwarded by its owner, a list's refusal signed by its admin.
    assert taken <= {"lhost-sendmail-14.eml", "lhost-fml-02.eml", "lhost-amazonses-12.eml", "arf-26.eml"}


def test_the_reason_names_the_sign() -> None:
    assert "auto-replied" in classify.classify(mail(auto_submitted="auto-replied"), OWN, DOMAINS).reason
