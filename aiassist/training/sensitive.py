"""Make `aiassist/core/sensitive_model.npz` from our own sentences: `python -m aiassist.training.sensitive`.

Learns from `sensitive.txt` beside this file and from the evaluation set's groups but for those called "fresh", which
are only measured. Takes some seconds; the same sentences give the same file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aiassist.core.sensitive_meaning import MODEL, learn

HERE = Path(__file__).parent
SETS = HERE.parent / "evaluation" / "sets"


def read(path: Path) -> list[tuple[str, str]]:
    """Topic and text of each line that may be learned from."""
    rows: list[tuple[str, str]] = []
    fresh = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            fresh = line.endswith(" fresh")
        elif line and not line.startswith("#") and not fresh:
            topic, _, text = line.partition(": ")
            rows.append((topic, text))
    return rows


def main() -> None:
    rows = [*read(HERE / "sensitive.txt"), *read(SETS / "sensitive.txt")]
    finder = learn([text for _topic, text in rows], [topic for topic, _text in rows])
    np.savez_compressed(
        MODEL,
        topics=np.array(finder.topics),
        examples=finder.examples.astype(np.float16),
        weights=finder.weights,
    )


if __name__ == "__main__":
    main()
