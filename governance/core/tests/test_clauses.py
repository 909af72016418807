"""Rules read back as they were written, refuse nonsense in plain words, and each makes a sentence."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from governance.core.clause_checks import RANGES, problems, require_valid, wording_problem
from governance.core.clause_words import CHECK_WORDS, FIELD_WORDS, VALUE_WORDS
from governance.core.clauses import (
    AI_FIELDS,
    DEFAULT_AI_FIELDS,
    DEFAULT_DISCLOSURE,
    DEFAULT_PURPOSE_FIELDS,
    DEFAULT_VALUES,
    MAY_GIVE_WAY,
    NEVER_SOFTENED,
    REGIONS,
    Autonomy,
    Basis,
    Budget,
    ClauseError,
    Clauses,
    Sorting,
    Tone,
)
from governance.core.rule_words import PURPOSE_WORDS, REGION_WORDS, RULE_WORDS, sentences
from governance.core.sentence import Sentence
from governance.core.topics import HUMAN_ONLY_TOPICS, SPECIAL_TOPICS, topic_key

ODD = Clauses(
    basis=Basis.ASK_FIRST,
    autonomy=Autonomy.ON_DEMAND,
    sorting=Sorting.APPLY,
    human_only_topics=("pets", "lost_parcel"),
    disclosure_elsewhere={"portal": {"de": "Mit KI-Hilfe, von {name} geprüft."}},
    tone=Tone.WARM,
    tone_notes="Short.",
    values=tuple(reversed(DEFAULT_VALUES)),
    languages=("en", "pl"),
    ai_fields=frozenset({"message"}),
    budget=Budget(
        daily_drafts=None, monthly_drafts=None, daily_micro=0, monthly_micro=1_500_000, currency="USD"
    ),
    ai_log_days=180,
    response_hours=4,
    acknowledgement=False,
    warn_only=frozenset({"G14", "G22"}),
    overridable=frozenset(),
    regions=("us", "other"),
    purpose_fields={"sentiment": ("subject",), "improve": (), "marketing": (), "demographics": ()},
    goodwill_micro=12_340_000,
    retention_days=400,
    risk_appetite=4,
    audit_days=90,
    audit_ratio_percent=90,
    audit_least_group=10,
    training_courses=(),
    training_grace_days=0,
    reading_grace_days=0,
    review_days=90,
    review_grace_days=0,
    round_days=5,
    second_look_topics=("refund",),
    on_demand_topics=("returns",),
    self_service=False,
    upsell=True,
    survey_by_mail=True,
)


@pytest.mark.parametrize("clauses", [Clauses(), ODD])
def test_survive_storage(clauses: Clauses) -> None:
    assert Clauses.from_dict(json.loads(json.dumps(clauses.to_dict()))) == clauses
    require_valid(clauses)


def test_an_older_policy_reads_with_defaults() -> None:
    assert Clauses.from_dict({"basis": "ask_first"}) == Clauses(basis=Basis.ASK_FIRST)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"no_such_rule": 1}, "no_such_rule"),
        ({"disclosure_on": False}, "disclosure_on"),
        ({"basis": "whatever"}, "basis"),
        ({"autonomy": "send_alone"}, "autonomy"),
        ({"human_only_topics": "health"}, "human_only_topics"),
        ({"human_only_topics": [1]}, "human_only_topics"),
        ({"ai_log_days": "90"}, "ai_log_days"),
        ({"ai_log_days": True}, "ai_log_days"),
        ({"acknowledgement": "no"}, "acknowledgement"),
        ({"budget": {"daily_drafts": 1.5}}, "budget"),
        ({"budget": {"weekly": 1}}, "budget"),
        ({"budget": None}, "budget"),
        ({"disclosure": {"en": None}}, "disclosure"),
        ({"disclosure": []}, "disclosure"),
        ({"disclosure_elsewhere": {"fax": {}}}, "disclosure_elsewhere"),
        ({"disclosure_elsewhere": {"portal": {"en": 1}}}, "disclosure_elsewhere"),
        ({"warn_only": None}, "warn_only"),
        ({"overridable": "G04"}, "overridable"),
        ({"regions": "eu"}, "regions"),
        ({"purpose_fields": {"fun": ["message"]}}, "purpose_fields"),
        ({"purpose_fields": {"improve": "message"}}, "purpose_fields"),
        ({"purpose_fields": None}, "purpose_fields"),
        ({"retention_days": 30.5}, "retention_days"),
        ({"risk_appetite": None}, "risk_appetite"),
        ({"upsell": 1}, "upsell"),
    ],
)
def test_what_cannot_be_read_is_named(data: dict[str, Any], name: str) -> None:
    with pytest.raises(ClauseError) as caught:
        Clauses.from_dict(data)
    assert list(caught.value.problems) == [name]


DE = DEFAULT_DISCLOSURE | {"de": "Geprüft und gesendet von {name}."}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("disclosure", DEFAULT_DISCLOSURE, DE),
        ("disclosure", DEFAULT_DISCLOSURE, {"en": DEFAULT_DISCLOSURE["en"]}),
        ("disclosure", DEFAULT_DISCLOSURE, {}),
        ("disclosure_elsewhere", {"portal": {"en": ""}}, {"portal": {"en": "By {name}."}}),
        ("disclosure_elsewhere", {"api": {"de": "KI half {name}."}}, {"api": {"pl": "KI half {name}."}}),
        ("disclosure_elsewhere", {}, {"fax": {}}),
        ("human_only_topics", (), ("x",)),
        ("human_only_topics", ("ab",) * 60, ("ab",) * 61),
        ("tone_notes", "x" * 500, "x" * 501),
        ("values", DEFAULT_VALUES[::-1], DEFAULT_VALUES[1:]),
        ("values", DEFAULT_VALUES, (*DEFAULT_VALUES, "honesty")),
        ("languages", ("en",), ()),
        ("languages", ("en", "de"), ("en", "en")),
        ("languages", ("en",), ("English",)),
        ("ai_fields", frozenset(AI_FIELDS), frozenset({"payment"})),
        ("budget", Budget(daily_drafts=0), Budget(daily_drafts=-1)),
        ("budget", Budget(daily_drafts=5, monthly_drafts=5), Budget(daily_drafts=6, monthly_drafts=5)),
        ("budget", Budget(daily_micro=5, monthly_micro=5), Budget(daily_micro=6, monthly_micro=5)),
        ("budget", Budget(daily_micro=5, monthly_micro=None), Budget(monthly_micro=-1)),
        ("budget", Budget(daily_drafts=None, monthly_drafts=5), Budget(daily_drafts=None, monthly_drafts=-5)),
        ("budget", Budget(currency="CHF"), Budget(currency="euro")),
        ("ai_log_days", 90, 89),
        ("ai_log_days", 1095, 1096),
        ("response_hours", 1, 0),
        ("response_hours", 336, 337),
        ("overridable", frozenset[str](), frozenset({"G12"})),
        ("overridable", MAY_GIVE_WAY, MAY_GIVE_WAY | {"G06"}),
        ("regions", ("us",), ()),
        ("regions", REGIONS, ("mars",)),
        ("purpose_fields", {"improve": ("message",)}, {"improve": ("card",)}),
        ("retention_days", 30, 29),
        ("retention_days", None, 3_651),
        ("training_courses", (), ("Big Course",)),
        ("second_look_topics", ("ab",) * 60, ("ab",) * 61),
        ("second_look_topics", (), ("x",)),
        ("on_demand_topics", ("ab",) * 60, ("ab",) * 61),
        ("on_demand_topics", (), ("x",)),
        *((name, least, least - 1) for name, (least, _) in RANGES.items()),
        *((name, most, most + 1) for name, (_, most) in RANGES.items()),
        ("warn_only", frozenset({"G08", "G14", "G22"}), frozenset({"G23"})),
        *(("warn_only", frozenset[str](), frozenset({code})) for code in sorted(NEVER_SOFTENED)),
    ],
)
def test_limits_are_tight(name: str, good: Any, bad: Any) -> None:
    assert problems(replace(Clauses(), **{name: good})) == {}
    found = problems(replace(Clauses(), **{name: bad}))
    assert list(found) == [name]
    assert found[name].english.endswith(".")


@pytest.mark.parametrize(
    "wording",
    [
        "Checked and sent by {name}.",
        "Written with AI assistance.",
        "AI helped {name} and {name}.",
        "AI helped {name} of {shop}.",
        "AI helped {}.",
        "AI helped {0}.",
        "AI helped {name.__class__}.",
        "AI helped {name!r}.",
        "AI helped {name:>99}.",
        "AI helped {name.",
        "AI helped {{name}}.",
        "AI helped {{x}} {name}.",
        "AI helped {{ {name}.",
        "AI helped }} {name}.",
        "We said {name} paid.",
        "AI helped\n{name}.",
        " AI helped {name}.",
        "AI helped {name}." + "x" * 184,
    ],
)
def test_a_wording_cannot_hide_the_ai_or_the_person(wording: str) -> None:
    assert wording_problem("en", wording)


@pytest.mark.parametrize(
    ("language", "wording"),
    [
        *DEFAULT_DISCLOSURE.items(),
        ("en", "Artificial intelligence helped; {name} checked it."),
        ("de", "Mit künstlicher Intelligenz, gesendet von {name}."),
        ("en", "AI helped {name}." + "x" * 183),
        ("fr", "Avec intelligence artificielle, par {name}."),
    ],
)
def test_honest_wordings_are_fine(language: str, wording: str) -> None:
    assert wording_problem(language, wording) is None


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ClauseError) as caught:
        require_valid(Clauses(ai_log_days=1, response_hours=0))
    assert set(caught.value.problems) == {"ai_log_days", "response_hours"}


@pytest.mark.parametrize("clauses", [Clauses(), ODD, Clauses(human_only_topics=(), ai_fields=frozenset())])
def test_every_rule_has_words_and_a_sentence(clauses: Clauses) -> None:
    assert {words.name for words in RULE_WORDS} == {one.name for one in fields(Clauses)}
    said = [sentence.english for sentence in sentences(clauses)]
    assert len(set(said)) == len(RULE_WORDS)
    assert not any("G1" in one or "{" in one for one in said)
    for words in RULE_WORDS:
        assert words.label
        assert words.help.endswith((".", "?"))


def test_sentences_say_what_the_rules_say() -> None:
    said = " ".join(sentence.english for sentence in sentences(ODD))
    for part in (
        "only after the customer said yes",
        "pets, lost parcel",
        "180 days",
        "4 hours",
        "1.50 USD",
        "pl",
    ):
        assert part in said
    assert "any number of drafts a day" in said


def test_the_lists_have_a_word_for_each() -> None:
    assert set(FIELD_WORDS) == set(AI_FIELDS) >= DEFAULT_AI_FIELDS
    assert set(VALUE_WORDS) == set(DEFAULT_VALUES)
    assert set(REGION_WORDS) == set(REGIONS)
    assert set(PURPOSE_WORDS) == set(DEFAULT_PURPOSE_FIELDS)
    assert set(CHECK_WORDS) > MAY_GIVE_WAY
    assert not MAY_GIVE_WAY & NEVER_SOFTENED
    assert set(HUMAN_ONLY_TOPICS) > SPECIAL_TOPICS
    assert [topic_key(topic) for topic in HUMAN_ONLY_TOPICS] == list(HUMAN_ONLY_TOPICS)


def test_a_sentence_survives_storage_and_a_broken_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = Sentence(
        "{who} has {count}: {all}.", {"who": Sentence("Ann"), "count": 2, "all": ("a", Sentence("b"))}
    )
    again = Sentence.from_dict(json.loads(json.dumps(sentence.to_dict())))
    assert again == sentence
    assert again.english == "Ann has 2: a, b."
    monkeypatch.setattr("governance.core.sentence.gettext", lambda text: text.replace("{count}", "{Anzahl}"))
    assert str(sentence) == sentence.english
    monkeypatch.setattr("governance.core.sentence.gettext", lambda text: text.replace("has", "hat"))
    assert str(sentence) == "Ann hat 2: a, b."
