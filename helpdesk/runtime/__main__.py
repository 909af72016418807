"""`python -m helpdesk.runtime run` and `... services`: what `make run` and `make services` start."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from helpdesk.runtime.errors import RuntimeProblem
from helpdesk.runtime.lock import AlreadyRunning
from helpdesk.runtime.supervisor import ROOT, Supervisor, say


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        message = f"PORT is {text!r}: it must be a number from 1 to 65535, as in `make run PORT=8001`."
        raise RuntimeProblem(message)
    return int(text)


def _main(command: str) -> int:
    data_folder = Path(os.environ.get("HELPDESK_DATA_DIR") or ROOT / "var").resolve()
    host = os.environ.get("HELPDESK_HOST") or "127.0.0.1"
    try:
        supervisor = Supervisor(data_folder=data_folder, host=host, port=_port())
        if command == "services":
            supervisor.run_services()
        else:
            supervisor.run()
    except AlreadyRunning as problem:
        print(problem, file=sys.stderr)
        return 0 if command == "services" else 1
    except RuntimeProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["services"]):
        sys.exit("Use: python -m helpdesk.runtime run|services")
    sys.exit(_main(sys.argv[1]))
