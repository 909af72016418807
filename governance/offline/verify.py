"""Checks the record of what happened, without anything but Python: `python3 verify.py FOLDER`.

FOLDER holds entries.jsonl (the entries, in order), anchors.jsonl (signed heads) and keys.json (public keys by name).
Each entry carries the hash of the one before it: nothing can be changed, removed or moved without breaking all that
follows. Each anchor is an entry's hash with an Ed25519 signature (RFC 8032): nothing before it can be rewritten as a
whole. Whoever keeps a public key or an anchor from elsewhere (a mail, the trust page) compares it with the ones here.
Exit 0: all is as it was written. Exit 1: the first thing that is not. Exit 2: there is nothing to check.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Ed25519 as in RFC 8032, section 6: slow and short.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    u, v = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    w, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = v - u, z - w, z + w, v + u
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def _point(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if (x & 1) != sign else x
    return (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = _point(_BASE_Y.to_bytes(32, "little"))


def genuine(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the key signed this message."""
    point, start = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or len(public) != 32 or point is None or start is None or s >= Q or BASE is None:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = _times(s, BASE), _add(start, _times(int.from_bytes(digest, "little") % Q, point))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


def _spelled(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def problems(folder: Path) -> Iterator[str]:
    """What is not as it was written, in order; nothing where all is well."""
    anchors = {int(one["seq"]): one for one in _lines(folder / "anchors.jsonl")}
    seq, previous = 0, ""
    for entry in _lines(folder / "entries.jsonl"):
        seq += 1
        if seq == 1:
            start = b"helpdesk ledger genesis\n" + str(entry["organization"]).encode()
            previous = hashlib.sha256(start).hexdigest()
        said = {name: value for name, value in entry.items() if name != "hash"}
        if entry["seq"] != seq or entry["prev"] != previous:
            yield f"Entry {seq} does not follow the one before."
            return
        if hashlib.sha256(b"helpdesk ledger entry\n" + _spelled(said)).hexdigest() != entry["hash"]:
            yield f"Entry {seq} was changed."
            return
        previous = entry["hash"]
        if seq in anchors and anchors[seq]["hash"] != previous:
            yield f"Entry {seq} is not the one that was signed."
    if any(one > seq for one in anchors):
        yield f"The end is missing: {seq} entries are here, {max(anchors)} were signed."
    yield from _forged(folder, anchors)


def _forged(folder: Path, anchors: dict[int, dict[str, Any]]) -> Iterator[str]:
    """Newest first. Below an anchor that is genuine, one whose key was taken out of use is vouched for: its hash stands
    in every entry that follows."""
    keys = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
    vouched = False
    for seq, one in sorted(anchors.items(), reverse=True):
        public = bytes.fromhex(keys.get(one["key_id"], ""))
        said = _spelled([one["organization"], seq, one["hash"], one["at"], one["key_id"]])
        if not public:
            if not vouched:
                yield f"Anchor {seq}: its key {one['key_id']} is not in keys.json."
        elif hashlib.sha256(public).hexdigest()[:16] != one["key_id"]:
            yield f"Anchor {seq}: its key is not the one it names."
        elif not genuine(public, b"helpdesk ledger head\n" + said, bytes.fromhex(one["signature"])):
            yield f"Anchor {seq} was not signed with its key."
        else:
            vouched = True


def main(arguments: list[str]) -> int:
    """Check a folder and say what was found."""
    folder = Path(arguments[0] if arguments else ".")
    if not (folder / "entries.jsonl").is_file():
        print(f"There is no entries.jsonl in {folder}.")  # noqa: T201
        return 2
    found = list(problems(folder))
    count, last = 0, ""
    for one in _lines(folder / "entries.jsonl"):
        count, last = count + 1, str(one.get("hash", ""))
    good = f"{count} entries are as they were written. Newest: {last}"
    print("\n".join(found) or good)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
