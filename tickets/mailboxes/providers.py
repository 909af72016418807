"""Mail services that many small businesses use: their servers, and what their customers must do first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Service:
    """A mail service. `hint` is a key of `tickets.mailboxes.problems.HINTS`; without servers it cannot be used."""

    name: str
    domains: tuple[str, ...]
    imap: tuple[str, int, str] | None
    smtp: tuple[str, int, str] | None
    hint: str = ""
    help_url: str = ""
    mx: tuple[str, ...] = ()  # how the names of its mail servers end, for domains of its customers' own
    user: str = "address"  # or "local": the part before the @


def _tls(host: str) -> tuple[str, int, str]:
    return host, 993, "tls"


def _submission(host: str) -> tuple[str, int, str]:
    return host, 587, "starttls"


def _smtps(host: str) -> tuple[str, int, str]:
    return host, 465, "tls"


SERVICES: Final = (
    Service(
        "Google",
        ("gmail.com", "googlemail.com"),
        _tls("imap.gmail.com"),
        _smtps("smtp.gmail.com"),
        hint="app_password",
        help_url="https://myaccount.google.com/apppasswords",
        mx=(".google.com", ".googlemail.com"),
    ),
    Service(
        "Microsoft",
        (
            "outlook.com",
            "hotmail.com",
            "live.com",
            "msn.com",
            "outlook.de",
            "hotmail.de",
            "hotmail.fr",
            "live.fr",
        ),
        None,
        None,
        hint="no_passwords",
        mx=(".protection.outlook.com", ".olc.protection.outlook.com"),
    ),
    Service(
        "Yahoo",
        ("yahoo.com", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.co.uk", "ymail.com", "rocketmail.com"),
        _tls("imap.mail.yahoo.com"),
        _smtps("smtp.mail.yahoo.com"),
        hint="app_password",
        help_url="https://login.yahoo.com/account/security",
        mx=(".yahoodns.net",),
    ),
    Service(
        "AOL",
        ("aol.com", "aol.de", "aol.fr"),
        _tls("imap.aol.com"),
        _smtps("smtp.aol.com"),
        hint="app_password",
    ),
    Service(
        "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        _tls("imap.mail.me.com"),
        _submission("smtp.mail.me.com"),
        hint="app_password",
        help_url="https://account.apple.com/account/manage",
        mx=(".mail.icloud.com",),
    ),
    Service(
        "GMX",
        ("gmx.de", "gmx.net", "gmx.at", "gmx.ch"),
        _tls("imap.gmx.net"),
        _submission("mail.gmx.net"),
        hint="switch_on",
    ),
    Service(
        "GMX",
        ("gmx.com", "gmx.fr", "gmx.es", "gmx.co.uk", "mail.com"),
        _tls("imap.gmx.com"),
        _submission("mail.gmx.com"),
        hint="switch_on",
    ),
    Service("WEB.DE", ("web.de",), _tls("imap.web.de"), _submission("smtp.web.de"), hint="switch_on"),
    Service(
        "Telekom",
        ("t-online.de", "magenta.de"),
        _tls("secureimap.t-online.de"),
        _smtps("securesmtp.t-online.de"),
        hint="mail_password",
    ),
    Service(
        "freenet", ("freenet.de",), _tls("mx.freenet.de"), _submission("mx.freenet.de"), hint="switch_on"
    ),
    Service(
        "Posteo", ("posteo.de", "posteo.net"), _tls("posteo.de"), _smtps("posteo.de"), mx=(".posteo.de",)
    ),
    Service(
        "mailbox.org",
        ("mailbox.org",),
        _tls("imap.mailbox.org"),
        _smtps("smtp.mailbox.org"),
        mx=(".mailbox.org",),
    ),
    Service(
        "Fastmail",
        ("fastmail.com", "fastmail.fm"),
        _tls("imap.fastmail.com"),
        _smtps("smtp.fastmail.com"),
        hint="app_password",
        help_url="https://app.fastmail.com/settings/security/apps",
        mx=(".messagingengine.com",),
    ),
    Service(
        "Zoho",
        ("zoho.com", "zohomail.com"),
        _tls("imap.zoho.com"),
        _smtps("smtp.zoho.com"),
        hint="app_password",
        mx=(".zoho.com",),
    ),
    Service(
        "Zoho",
        ("zoho.eu", "zohomail.eu"),
        _tls("imap.zoho.eu"),
        _smtps("smtp.zoho.eu"),
        hint="app_password",
        mx=(".zoho.eu",),
    ),
    Service(
        "Yandex",
        ("yandex.com", "yandex.ru", "ya.ru"),
        _tls("imap.yandex.com"),
        _smtps("smtp.yandex.com"),
        hint="app_password",
    ),
    Service(
        "Mail.ru",
        ("mail.ru", "bk.ru", "list.ru", "inbox.ru"),
        _tls("imap.mail.ru"),
        _smtps("smtp.mail.ru"),
        hint="app_password",
    ),
    Service(
        "Orange",
        ("orange.fr", "wanadoo.fr"),
        _tls("imap.orange.fr"),
        _smtps("smtp.orange.fr"),
        hint="switch_on",
    ),
    Service("Free", ("free.fr",), _tls("imap.free.fr"), _smtps("smtp.free.fr"), user="local"),
    Service("SFR", ("sfr.fr", "neuf.fr", "cegetel.net"), _tls("imap.sfr.fr"), _smtps("smtp.sfr.fr")),
    Service(
        "La Poste", ("laposte.net",), _tls("imap.laposte.net"), _smtps("smtp.laposte.net"), hint="switch_on"
    ),
    Service("Bluewin", ("bluewin.ch",), _tls("imaps.bluewin.ch"), _smtps("smtpauths.bluewin.ch")),
    Service(
        "IONOS",
        (),
        _tls("imap.ionos.com"),
        _smtps("smtp.ionos.com"),
        mx=(".ionos.com", ".ionos.co.uk", ".1and1.com"),
    ),
    Service(
        "IONOS", (), _tls("imap.ionos.de"), _smtps("smtp.ionos.de"), mx=(".kundenserver.de", ".ionos.de")
    ),
    Service("IONOS", (), _tls("imap.ionos.fr"), _smtps("smtp.ionos.fr"), mx=(".1and1.fr", ".ionos.fr")),
    Service("IONOS", (), _tls("imap.ionos.es"), _smtps("smtp.ionos.es"), mx=(".1and1.es", ".ionos.es")),
    Service("STRATO", (), _tls("imap.strato.de"), _smtps("smtp.strato.de"), mx=(".rzone.de",)),
    Service("OVH", (), _tls("ssl0.ovh.net"), _smtps("ssl0.ovh.net"), mx=(".mail.ovh.net",)),
    Service("Gandi", (), _tls("mail.gandi.net"), _smtps("mail.gandi.net"), mx=(".mail.gandi.net",)),
    Service(
        "Infomaniak",
        ("ik.me", "infomaniak.com"),
        _tls("mail.infomaniak.com"),
        _smtps("mail.infomaniak.com"),
        mx=(".infomaniak.ch", ".infomaniak.com"),
    ),
    Service(
        "Hostinger", (), _tls("imap.hostinger.com"), _smtps("smtp.hostinger.com"), mx=(".hostinger.com",)
    ),
    Service(
        "Namecheap",
        (),
        _tls("mail.privateemail.com"),
        _smtps("mail.privateemail.com"),
        mx=(".privateemail.com",),
    ),
    Service(
        "GoDaddy",
        (),
        _tls("imap.secureserver.net"),
        _smtps("smtpout.secureserver.net"),
        mx=(".secureserver.net",),
    ),
    Service(
        "Proton",
        ("proton.me", "protonmail.com", "pm.me"),
        None,
        None,
        hint="no_programs",
        mx=(".protonmail.ch",),
    ),
    Service(
        "Tuta",
        ("tuta.com", "tutanota.com", "tutanota.de", "tuta.io"),
        None,
        None,
        hint="no_programs",
        mx=(".tutanota.de",),
    ),
)
