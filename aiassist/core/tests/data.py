"""Where the public test data is; tests skip with a word where it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parents[3]


def shared_data() -> Path:
    """The folder of public data, from HELPDESK_DATA or beside the repository."""
    folder = Path(os.environ.get("HELPDESK_DATA") or _REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("The public test data is not here; set HELPDESK_DATA to its folder.")
    return folder
