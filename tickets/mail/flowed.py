"""format=flowed (RFC 3676): lines that a client wrapped for the wire become paragraphs again."""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool) -> str:
    """Join soft line breaks within one depth of quoting; the signature line stays as it is."""
    done: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth, content = _quoted(line)
        soft = content.endswith(" ") and content != "-- "
        piece = content[:-1] if soft and delete_space else content
        if open_depth == depth and content != "-- ":
            done[-1].append(piece)
        else:
            done.append(["> " * depth + piece])
        open_depth = depth if soft else None
    return "\n".join("".join(pieces) for pieces in done)


def _quoted(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    depth = len(line) - len(content)
    return depth, content.removeprefix(" ")
