"""PostgreSQL refuses to run as root. This module finds a way to run it as nobody, where the files are.

A checkout below a folder that only root may enter is the usual case in containers: then even the programs
inside `.venv` cannot be loaded by another user, so `su nobody` is no answer.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

from helpdesk.runtime.errors import RuntimeProblem

NOBODY = 65534

# A user namespace in which root's files belong to `nobody`: nothing changes hands.
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")

# Where user namespaces are blocked (most containers): really nobody, but able to pass closed folders.
PASS_FOLDERS = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--bounding-set=-all,+dac_override",
)


def _works(prefix: tuple[str, ...], program: Path) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    probe = subprocess.run([*prefix, str(program), "--version"], capture_output=True, check=False, timeout=20)
    return probe.returncode == 0


@functools.cache
def prefix_for(
    program: Path, ways: tuple[tuple[str, ...], ...] = (NAMESPACE, PASS_FOLDERS)
) -> tuple[str, ...]:
    """The command words to put before a program that refuses root; empty when this process is not root."""
    if os.geteuid() != 0:
        return ()
    for way in ways:
        if _works(way, program):
            return way
    message = (
        "PostgreSQL does not run as root, and this machine allows neither user namespaces nor another user: "
        "run as an ordinary user, or use docker-compose.yml."
    )
    raise RuntimeProblem(message)


def give_to_server(folder: Path, prefix: tuple[str, ...]) -> None:
    """Make the folder and all in it belong to whom the server runs as; free when it already does."""
    if os.geteuid() != 0:
        return
    owner = NOBODY if prefix[:1] == PASS_FOLDERS[:1] else 0
    if folder.stat().st_uid == owner:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner, owner, follow_symlinks=False)
