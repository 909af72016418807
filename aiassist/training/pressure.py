"""Learn what words weigh for `governance.core.pressure` from our own texts: `python -m aiassist.training.pressure`.

The same texts give the same weights. No draft that is kept for measuring is read.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from aiassist.evaluation.pressure import OWN, read
from governance.core import pressure

SENTENCES = Path(__file__).parent / "pressure.txt"
TARGET = Path(pressure.__file__).with_name("pressure_weights.py")
#: How strongly large weights are held back, and how many sentences a sign must be in.
HOLD, LEAST = 10.0, 3
HEAD = '"""What words weigh, each alone and in twos. Made by `python -m aiassist.training.pressure`: not by hand."""\n'


def main() -> None:
    """Read, weigh, write."""
    texts, labels = rows()
    signs = [pressure.signs(pressure.folded(text)) for text in texts]
    counted = Counter(sign for one in signs for sign in one)
    names = sorted(sign for sign, number in counted.items() if number >= LEAST)
    kinds = sorted(set(labels) - {"fine"})
    matrix = np.array([[float(name in one) for name in names] + [1.0] for one in signs])
    wanted = np.array([[label != "fine", *(label == kind for kind in kinds)] for label in labels]) * 2.0 - 1
    weights = np.linalg.solve(
        matrix.T @ matrix + HOLD * np.diag([1.0] * len(names) + [0.1]), matrix.T @ wanted
    )
    write(names, kinds, np.round(weights, 2))
    print(f"{len(texts)} sentences, {len(names)} signs")


def rows() -> tuple[list[str], list[str]]:
    """The sentences for training, and those of the drafts for tuning, where it is clear which of them presses."""
    found: dict[str, str] = {}
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, _, text = line.partition(": ")
            found[text] = kind
    for one in read(OWN):
        parts = re.split(r"(?<=[.!?])\s+", one.draft)
        answers_an_offer = not one.presses and pressure.shops(one.asked)
        clear = not one.presses or len(parts) == 1
        if clear and not one.kept and one.kind != "offer_first" and not answers_an_offer:
            found |= dict.fromkeys(parts, one.kind)
    return list(found), list(found.values())


def write(names: list[str], kinds: list[str], weights: np.ndarray) -> None:
    """A module of plain numbers: pressing at all first, then each kind."""
    lines = [f'    "{name}": {tuple(map(float, row))},' for name, row in zip(names, weights, strict=False)]
    body = [
        HEAD,
        "from __future__ import annotations\n",
        f"KINDS = {tuple(kinds)!r}",
        f"CONSTANTS = {tuple(map(float, weights[-1]))}",
        "WEIGHTS: dict[str, tuple[float, ...]] = {",
        *lines,
        "}\n",
    ]
    TARGET.write_text("\n".join(body), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(TARGET)], check=False)


if __name__ == "__main__":
    main()
