"""Run the reading process from a task: bounded in time and memory, whatever the file does to its reader."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer

from tickets.reading.blocks import Unreadable
from tickets.reading.split import Piece

ROOT = Path(__file__).resolve().parents[2]
#: Wall-clock seconds for one file, below the time limit of a task.
SECONDS = 150


def read(
    data: bytes,
    *,
    name: str = "",
    content_type: str = "",
    charset: str | None = None,
    on_page: Callable[[int, int], None] = lambda _done, _total: None,
    seconds: float = SECONDS,
) -> list[Piece]:
    """The proposed articles of a file, page or text. Raises Unreadable; takes `seconds` at most.

    Starts a process of its own (a quarter of a second), so never inside a transaction or a request.
    """
    order = json.dumps({"name": name, "content_type": content_type, "charset": charset})
    with subprocess.Popen(
        [sys.executable, "-m", "tickets.reading"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    ) as process:
        timer = Timer(seconds, process.kill)
        timer.start()
        try:
            return _talk(process, order.encode() + b"\n" + data, on_page)
        finally:
            timer.cancel()
            process.kill()


def _talk(process: subprocess.Popen[bytes], given: bytes, on_page: Callable[[int, int], None]) -> list[Piece]:
    if process.stdin is None or process.stdout is None:  # pipes were asked for
        raise Unreadable("broken")
    try:
        process.stdin.write(given)
        process.stdin.close()
    except BrokenPipeError:
        raise Unreadable("broken") from None
    for line in process.stdout:
        said = json.loads(line)
        if "pieces" in said:
            return [Piece(title, body) for title, body in said["pieces"]]
        if "unreadable" in said:
            raise Unreadable(said["unreadable"], said["detail"])
        on_page(said["done"], said["total"])
    process.wait()
    # Killed by the clock or its own limits, or it fell over something nobody thought of.
    raise Unreadable("too_slow" if process.returncode and process.returncode < 0 else "broken")
