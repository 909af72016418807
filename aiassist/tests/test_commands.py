"""`redact` and `evaluate` work in a plain process: no database, no settings of services, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, given: str = "", data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run manage.py with an environment that names no service."""
    environment = {"PATH": os.environ["PATH"], "HELPDESK_DATA_DIR": str(data_dir), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_redact_reads_and_prints_json_lines(tmp_path: Path) -> None:
    text = "Grüße, schreib an jo@example.com"
    lines = [{"id": 7, "text": text}, {"id": "b", "text": "where is my parcel?"}]
    done = manage("redact", "--json", given="\n".join(map(json.dumps, lines)), data_dir=tmp_path)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] == 7
    assert first["masked"] == "Grüße, schreib an [EMAIL_1]"
    (span,) = first["spans"]
    assert (text[span["start"] : span["end"]], span["type"]) == ("jo@example.com", "EMAIL")
    assert second == {"id": "b", "masked": "where is my parcel?", "spans": []}


def test_redact_names_the_line_that_it_cannot_read(tmp_path: Path) -> None:
    done = manage(
        "redact", "--json", given='{"id": 1, "text": "a"}\nnonsense a@example.com\n', data_dir=tmp_path
    )
    assert done.returncode == 1
    assert "Line 2" in done.stderr
    assert "example.com" not in done.stderr


def test_evaluate_redaction_prints_the_figures(tmp_path: Path) -> None:
    data = tmp_path / "texts.jsonl"
    spans = [{"entity_type": "EMAIL_ADDRESS", "start_position": 8, "end_position": 21}]
    data.write_text(json.dumps({"full_text": "mail to ann@example.com", "spans": spans}), encoding="utf-8")
    done = manage("evaluate", "redaction", "--data", str(data), "--json", data_dir=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["structured"] == 1.0


@pytest.mark.parametrize("arguments", [["evaluate"], ["evaluate", "redaction", "--data", "no-such-file"]])
def test_evaluate_says_what_is_missing(tmp_path: Path, arguments: list[str]) -> None:
    done = manage(*arguments, data_dir=tmp_path)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
