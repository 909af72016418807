"""Whether static files must be collected again: a fingerprint of our own files and of the pinned packages."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAMP = "static.stamp"


def _fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    folders = [ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("helpdesk/*/static")]
    for path in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        status = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def needs_collecting(data_folder: Path) -> bool:
    """Whether the collected files are not those of this checkout."""
    stamp = data_folder / STAMP
    return not stamp.exists() or stamp.read_text(encoding="utf-8") != _fingerprint()


def note_collected(data_folder: Path) -> None:
    """Remember what was collected."""
    (data_folder / STAMP).write_text(_fingerprint(), encoding="utf-8")
