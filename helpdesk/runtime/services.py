"""PostgreSQL and Valkey together in one data folder: started, described in `runtime.env`, stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.runtime import env
from helpdesk.runtime.postgres import APP, OWNER, Cluster
from helpdesk.runtime.valkey import Valkey

DATABASE = "helpdesk"


@dataclass(kw_only=True)
class Services:
    """The two servers of one checkout; only one process at a time may hold them (see `lock.py`)."""

    data_folder: Path
    postgres: Cluster = field(init=False)
    valkey: Valkey = field(init=False)
    secrets: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.secrets = env.load_secrets(self.data_folder)
        logs = self.data_folder / "log"
        self.postgres = Cluster(
            data=self.data_folder / "postgres",
            log=logs / "postgres.log",
            passwords=env.passwords_from(self.secrets),
        )
        self.valkey = Valkey(
            data=self.data_folder / "valkey",
            log=logs / "valkey.log",
            password=self.secrets["VALKEY_PASSWORD"],
        )

    def start(self) -> None:
        """Start both, make the database, and tell `manage.py` commands where they are."""
        self.postgres.start()
        self.postgres.ensure_database(DATABASE)
        self.valkey.start()
        self.publish()

    def publish(self) -> None:
        """Write `runtime.env`; again after a server was restarted on another port."""
        env.write(self.data_folder / env.RUNTIME_FILE, self.environment())

    def stop(self) -> None:
        """Stop both. What is stored stays."""
        (self.data_folder / env.RUNTIME_FILE).unlink(missing_ok=True)
        self.valkey.stop()
        self.postgres.stop()

    def environment(self) -> dict[str, str]:
        """What settings read."""
        return {
            "DATABASE_URL": self.postgres.url(APP, DATABASE),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, DATABASE),
            "REDIS_URL": self.valkey.url(),
            "SECRET_KEY": self.secrets["SECRET_KEY"],
            "HELPDESK_ENCRYPTION_KEYS": self.secrets["HELPDESK_ENCRYPTION_KEYS"],
        }
