"""Topics are learned from a handful of examples, with honest confidences, and nothing is said about strangers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from aiassist.core.calibrate import calibrate, calibration_error, threshold_for
from aiassist.core.embed import default_embedder
from aiassist.core.triage import TopicModel, learn

DELIVERY = [
    "Where is my parcel?",
    "The package has not arrived yet",
    "When will my order be delivered?",
    "Tracking says delivered but there is nothing here",
    "My delivery is a week late",
    "Has my shipment left the warehouse?",
]
REFUND = [
    "I want my money back",
    "When do I get the refund for the shoes?",
    "You still owe me 30 euros for the return",
    "The refund is not on my account",
    "Please pay me back, the vase was broken",
    "How long does a refund take?",
]
SIZES = [
    "Does the jumper run small?",
    "Which size should I take at 180 cm?",
    "Is there a size chart for the boots?",
    "The trousers are too tight, what is the next size?",
    "Do you have the dress in XL?",
    "I am between M and L, which one fits?",
]
TEXTS = DELIVERY + REFUND + SIZES
LABELS = ["delivery"] * 6 + ["refund"] * 6 + ["sizes"] * 6


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return learn(TEXTS, LABELS, default_embedder())


def test_new_questions_get_the_topic_that_was_learned(model: TopicModel) -> None:
    asked = ["the courier has lost my packet", "give me back what I paid", "what size fits a tall man?"]
    assert [one.best for one in model.predict(asked, default_embedder())] == ["delivery", "refund", "sizes"]


def test_the_nearest_examples_explain_it_and_are_of_that_topic(model: TopicModel) -> None:
    (found,) = model.predict(["how long until I have my refund?"], default_embedder())
    assert found.nearest
    assert {LABELS[place] for place in found.nearest} == {"refund"}
    assert TEXTS[found.nearest[0]] == "How long does a refund take?"


def test_a_stranger_fits_worse_than_a_question_of_a_topic(model: TopicModel) -> None:
    known, stranger = model.predict(
        ["my parcel is late", "The cello sonata modulates to E flat"], default_embedder()
    )
    assert stranger.fit < known.fit
    assert stranger.confidence < known.confidence


def test_the_file_keeps_the_model_and_no_words(model: TopicModel) -> None:
    data = model.to_bytes()
    asked = ["where is it?", "refund please"]
    again = TopicModel.from_bytes(data).predict(asked, default_embedder())
    assert again == model.predict(asked, default_embedder())
    assert b"jumper" not in data


def test_a_pickle_in_the_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"[Pp]ickle|magic|zip"):
        TopicModel.from_bytes(b"\x80\x04K\x01.")


def test_one_topic_is_not_enough() -> None:
    with pytest.raises(ValueError, match="Two topics"):
        learn(DELIVERY, ["delivery"] * 6, default_embedder())


def test_leaving_one_out_in_closed_form_is_leaving_it_out() -> None:
    """The shortcut gives what learning again without the example gives."""
    from aiassist.core import triage

    embedder = default_embedder()
    weights = triage._token_weights(embedder.tokens(TEXTS))
    views = embedder.embed_weighted(TEXTS, weights)
    owners = np.array([0] * 6 + [1] * 6 + [2] * 6, dtype=np.int32)
    _, left_out = triage._solve(views, owners, 3)
    rest = [place for place in range(18) if place != 4]
    solved, _ = triage._solve((views[0][rest], views[1][rest]), owners[rest], 3)
    alone = (views[0][[4]], views[1][[4]])
    expected = triage._kernel(alone, (views[0][rest], views[1][rest])) @ solved
    assert np.allclose(left_out[4], expected[0], atol=1e-3)


def test_confidence_is_as_high_as_the_share_that_is_right() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(4000, 5)).astype(np.float32)
    owners = np.where(random.random(4000) < 0.7, scores.argmax(axis=1), random.integers(0, 5, 4000)).astype(
        np.int32
    )
    confidence = calibrate(scores, owners).confidence(scores)
    assert calibration_error(confidence, scores.argmax(axis=1) == owners) < 0.02
    assert calibration_error(np.full(4000, 0.99), scores.argmax(axis=1) == owners) > 0.2


def test_the_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, True, False, False])
    assert threshold_for(confidence, right, 0.75) == 0.6
    assert threshold_for(confidence, right, 0.95) == 0.7
    assert threshold_for(confidence, ~right, 0.95) > 1


def _csv(path, rows) -> str:  # type: ignore[no-untyped-def]
    path.write_text("text,label\n" + "".join(f'"{text}",{label}\n' for text, label in rows), encoding="utf-8")
    return str(path)


def test_the_command_prints_the_figures_asked_for(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    rows = list(zip(TEXTS, LABELS, strict=True))
    train, test = _csv(tmp_path / "train.csv", rows), _csv(tmp_path / "test.csv", rows[::3])
    outside = _csv(tmp_path / "outside.csv", [("The cello sonata is in E flat", "")])
    call_command("evaluate", "triage", "--train", train, "--test", test, "--out-of-scope", outside, "--json")
    figures = json.loads(capsys.readouterr().out)
    assert figures["accuracy"] == 1.0
    assert figures["out_of_scope_auroc"] == 1.0
    assert set(figures) >= {"ece", "coverage_at_95", "train_seconds", "predict_ms"}


def test_a_file_without_the_column_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("question\nhello\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"wrong\.csv has no column `text`"):
        call_command("evaluate", "triage", "--train", str(wrong), "--test", str(wrong))
