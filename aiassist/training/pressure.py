"""Learn what presses a customer from our own texts: `python -m aiassist.training.pressure`.

Two results: the weights of words alone (`governance.core.pressure_weights`), and those of words and meaning together
(`aiassist/core/data/pressing.npz`). The same texts give the same weights. No draft kept for measuring is read.
`--validate` also prints how ten-fold cross-validation went.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aiassist.core.pressing import MODEL, features
from aiassist.evaluation.pressure import OWN, read
from governance.core import pressure

SENTENCES = Path(__file__).parent / "pressure.txt"
TARGET = Path(pressure.__file__).with_name("pressure_weights.py")
#: How strongly large weights are held back, and how many sentences a sign must be in.
HOLD_WORDS, HOLD, LEAST = 10.0, 30.0, 3
HEAD = '"""What words weigh, each alone and in twos. Made by `python -m aiassist.training.pressure`: not by hand."""\n'
Matrix = NDArray[np.float64]


def main() -> None:
    """Read, weigh, write."""
    texts, labels = rows()
    found = [pressure.signs(pressure.folded(text)) for text in texts]
    counted = Counter(sign for one in found for sign in one)
    names = sorted(sign for sign, number in counted.items() if number >= LEAST)
    kinds = sorted(set(labels) - {"fine"})
    wanted = np.array([[label != "fine", *(label == kind for kind in kinds)] for label in labels]) * 2.0 - 1
    words = np.array([[float(name in one) for name in names] for one in found])
    write(names, kinds, np.round(weigh(words, wanted, HOLD_WORDS), 2))
    both = features(texts, names).astype(np.float64)
    weights = weigh(both, wanted, HOLD, even=True).astype(np.float32)
    np.savez_compressed(MODEL, signs=np.array(names), kinds=np.array(kinds), weights=weights)
    print(f"{len(texts)} sentences, {len(names)} signs")
    if "--validate" in sys.argv:
        validate(both, wanted)


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


def weigh(matrix: Matrix, wanted: Matrix, hold: float, *, even: bool = False) -> Matrix:
    """Least squares with large weights held back; `even`: pressing and fine sentences count the same in all."""
    data = np.hstack([matrix, np.ones((len(matrix), 1))])
    press = wanted[:, 0] > 0
    counts = np.where(press, 1 / press.mean(), 1 / (1 - press.mean())) if even else np.ones(len(press))
    left = data.T @ (data * counts[:, None]) + hold * np.diag([1.0] * matrix.shape[1] + [0.1])
    return np.asarray(np.linalg.solve(left, data.T @ (wanted * counts[:, None])))


def validate(matrix: Matrix, wanted: Matrix) -> None:
    """Print recall and false alarms, each sentence judged by weights that never saw it."""
    folds = np.random.default_rng(1).permutation(len(wanted)) % 10
    sums = np.zeros(len(wanted))
    for fold in range(10):
        inside = folds != fold
        weights = weigh(matrix[inside], wanted[inside], HOLD, even=True)
        sums[~inside] = np.hstack([matrix[~inside], np.ones(((~inside).sum(), 1))]) @ weights[:, 0]
    press = wanted[:, 0] > 0
    for threshold in (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4):
        recall, alarms = (sums[press] >= threshold).mean(), (sums[~press] >= threshold).mean()
        print(f"{threshold:+.1f} recall {recall:.3f} false alarms {alarms:.3f}")


def write(names: list[str], kinds: list[str], weights: Matrix) -> None:
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
