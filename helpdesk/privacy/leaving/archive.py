"""The ZIP file itself: members written one after the other with their SHA-256, a manifest last; reading checks both."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
#: A line longer than this is no row of ours.
LONGEST_LINE = 64 * 1024 * 1024


class Member:
    """One file of the archive while it is written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest, self.size = stream, hashlib.sha256(), 0

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self._digest.update(content)
        self.size += len(content)
        self._stream.write(content)

    def line(self, value: Any) -> None:
        """Add one line of JSON."""
        self.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    @property
    def sha256(self) -> str:
        """Of what was written so far."""
        return self._digest.hexdigest()


class ArchiveWriter:
    """Writes members; knows name, size and hash of each for the manifest."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        self.files: dict[str, dict[str, Any]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        """One member, open for writing; one at a time."""
        with self._zip.open(name, "w", force_zip64=True) as stream:
            member = Member(stream)
            yield member
        self.files[name] = {"size": member.size, "sha256": member.sha256}

    def close(self, manifest: dict[str, Any]) -> None:
        """The manifest, with what is in the file, and the end of the file."""
        whole = {**manifest, "files": self.files}
        self._zip.writestr(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))
        self._zip.close()

    def release(self) -> None:
        """Let go of the stream, also of a file that was not finished: without its manifest nothing reads it."""
        self._zip.close()


class ArchiveReader:
    """Reads members and refuses what is not as the manifest says. Nothing is unpacked to a path from the file."""

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
            self.manifest: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
            self.files: dict[str, dict[str, Any]] = dict(self.manifest["files"])
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
            raise _unreadable() from error

    def check(self) -> None:
        """Every file of the manifest is there, as long as it says, with the hash it says. Raises InvalidState."""
        for name in self.files:
            for _chunk in self.chunks(name):
                pass

    def has(self, name: str) -> bool:
        """Whether the manifest names this file."""
        return name in self.files

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a member; the last chunk is given only after its hash was found right."""
        said, digest, size = self.files.get(name), hashlib.sha256(), 0
        if said is None:
            raise _changed(name)
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > int(said["size"]):
                        raise _changed(name)
                    yield chunk
        except (KeyError, zipfile.BadZipFile, OSError, ValueError) as error:
            raise _changed(name) from error
        if size != said["size"] or digest.hexdigest() != said["sha256"]:
            raise _changed(name)

    def read(self, name: str) -> bytes:
        """The whole content of a small member."""
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table."""
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield self._row(name, line)
            if len(rest) > LONGEST_LINE:
                raise _changed(name)
        if rest:
            raise _changed(name)

    def _row(self, name: str, line: bytes) -> dict[str, Any]:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _changed(name) from error
        if not isinstance(row, dict):
            raise _changed(name)
        return row


def _unreadable() -> InvalidState:
    return InvalidState(
        _("This is no file that “Take everything with you” made."),
        next_step=_("Use the ZIP file as it was downloaded, without unpacking it."),
    )


def _changed(name: str) -> InvalidState:
    return InvalidState(
        _("“%(name)s” in this file is not as it was written.") % {"name": name},
        next_step=_("Download the file again and compare its SHA-256."),
    )
