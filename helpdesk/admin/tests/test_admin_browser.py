"""Every page of the admin in a real browser: no script is blocked, axe finds nothing, nothing is wider than 360 px."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_core_python.sync_playwright import Axe

from helpdesk.people.tests.factories import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]

_SHOP = """
from datetime import timedelta
import json
from django.utils import timezone
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from governance.core.starter import starter
from governance.models import *
from governance.services.policies import adopt_starter
from governance.services.drafts import start_draft
from governance.tests.factories import *
from tickets.tests.factories import make_inbox, make_article, make_canned_reply

shop = make_organization(slug="back-office", name="Marta's Frames")
fresh = make_organization(slug="fresh-office", name="Fresh Frames")
with organization_scope(fresh.id):
    make_member("owner", email="fresh@shop.example", name="Fritz Neu")
with organization_scope(shop.id):
    owner = make_member("owner", email="marta@shop.example", name="Marta Lind")
    make_member("agent", name="Ana Agent")
    first = adopt_starter(starter=starter(), member=owner)
    draft = start_draft(member=owner)
    risk = Risk.objects.create(title="The AI invents a return policy that we do not have", likelihood_before=4,
        impact_before=4, accountable=owner, review_due=timezone.localdate() - timedelta(days=2))
    Risk.objects.create(title="A leak", review_due=timezone.localdate() + timedelta(days=5))
    audit = BiasAudit.objects.create(title="Do customers who said no to AI wait longer?", verdict="pass", sample_size=400)
    BiasAudit.objects.create(title="Spanish and English")
    asked = make_request()
    DataRequest.objects.filter(pk=make_request().pk).update(due_at=timezone.now() - timedelta(days=3))
    stopped = [{"code": "G07", "outcome": "stopped", "reason": {"text": "The customer wants to be answered without AI.",
        "values": {}}, "next_step": {"text": "Write the answer yourself.", "values": {}}, "firm": False, "detail": ""}]
    decision = make_decision(allowed=False, reasons=stopped, policy=first)
    make_decision(policy=first)
    stop = make_stop(reason="Odd drafts", started_by=owner)
    make_consent()
    from governance import known_services
    system = AISystem.objects.first()
    vendor = make_vendor(name="Mistral", provider="api.mistral.ai", answers=known_services.find("api.mistral.ai").to_answers())
    incident = make_incident(kind="leak", is_serious=True, topic="returns", system=system,
        report_due_at=timezone.now() + timedelta(hours=70), apology="We are sorry.")
    finding = Finding.objects.create(title="Spanish customers wait longer", source="audit", audit=audit)
    measured = BiasAudit.objects.filter(kind="pairs").first()
    from governance.services import self_checks
    self_checks.run_due()
    LawTask.objects.create(rule_key="gdpr.9", pack_version="1", clause="human_only_topics", what_changed="Changed: x")
    inbox, article = make_inbox(name="Shop"), make_article()
    make_canned_reply()
print("IDS", json.dumps({"policy": first.pk, "draft": draft.pk, "risk": risk.pk, "audit": audit.pk, "asked": asked.pk,
    "decision": decision.pk, "stop": stop.pk, "inbox": inbox.pk, "owner": owner.pk, "article": article.pk,
    "system": system.pk, "vendor": vendor.pk, "incident": incident.pk, "finding": finding.pk, "measured": measured.pk}))
"""
#: Both the menu and a list scroll in what the theme calls "scrollable content": advice, not WCAG.
_ADVICE = {"landmark-unique"}
_TOO_WIDE = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most + 1) return [];
    const wide = [...document.querySelectorAll("#main *")].filter((one) => one.getBoundingClientRect().right > most + 1);
    return wide.slice(-4).map((one) => one.outerHTML.slice(0, 160));
}"""
PAGES = {
    "home": "",
    "rules": "governance/ethicspolicy/",
    "starter": "governance/ethicspolicy/starter/",
    "draft": "governance/ethicspolicy/{draft}/change/",
    "published": "governance/ethicspolicy/{policy}/change/",
    "history": "governance/risk/{risk}/history/",
    "activity": "governance/aidecision/",
    "decision": "governance/aidecision/{decision}/change/",
    "stops": "governance/aistop/",
    "stop": "governance/aistop/{stop}/change/",
    "services": "aiassist/aiservice/",
    "service": "aiassist/aiservice/add/",
    "fairness": "governance/biasaudit/",
    "check": "governance/biasaudit/{audit}/change/",
    "requests": "governance/datarequest/",
    "request": "governance/datarequest/{asked}/change/",
    "choices": "governance/consent/",
    "people": "people/membership/",
    "person": "people/membership/{owner}/change/",
    "inboxes": "tickets/inbox/",
    "inbox": "tickets/inbox/{inbox}/change/",
    "systems": "governance/aisystem/",
    "system": "governance/aisystem/{system}/change/",
    "companies": "governance/vendor/",
    "company": "governance/vendor/{vendor}/change/",
    "incidents": "governance/incident/",
    "incident": "governance/incident/{incident}/change/",
    "incident-add": "governance/incident/add/",
    "findings": "governance/finding/",
    "finding": "governance/finding/{finding}/change/",
    "measured": "governance/biasaudit/{measured}/change/",
    "risks": "governance/risk/",
    "risk": "governance/risk/{risk}/change/",
    "delete": "governance/risk/{risk}/delete/",
    "articles": "tickets/article/",
    "article": "tickets/article/{article}/change/",
    "replies": "tickets/cannedreply/",
    "happened": "governance/ledgerentry/",
    "demands": "auditors/demands/",
    "law": "auditors/law/",
    "security": "auditors/security/",
    "codes": "auditors/codes/",
}


@pytest.fixture(scope="module")
def shop(live_stack: LiveStack) -> dict[str, int]:
    said = live_stack.python(_SHOP)
    return json.loads(said.split("IDS", 1)[1])


def signed_in(browser: Browser, live_stack: LiveStack, slug: str, email: str, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(live_stack.url(slug, "/account/login/?next=/admin/"))
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_every_page_of_the_admin(
    browser: Browser, live_stack: LiveStack, shop: dict[str, int], width: int, scheme: str
) -> None:
    size: Any = {"width": width, "height": 900}
    page = signed_in(
        browser, live_stack, "back-office", "marta@shop.example", viewport=size, color_scheme=scheme
    )
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    found: list[str] = []
    for name, path in PAGES.items():
        page.goto(live_stack.url("back-office", "/admin/" + path.format(**shop)))
        page.wait_for_function("window.Alpine !== undefined")
        found += look(page, f"{name}-{width}-{scheme}")
    fresh = signed_in(
        browser, live_stack, "fresh-office", "fresh@shop.example", viewport=size, color_scheme=scheme
    )
    found += look(fresh, f"fresh-{width}-{scheme}")
    assert not said, said
    assert not found, "\n".join(sorted(set(found)))


def look(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than the window; with a picture where SCREENSHOTS says so."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    results = Axe().run(page)
    problems = [
        f"{name}: {one['id']}: {node['target']} {node['html'][:160]}"
        for one in results["violations"]
        if one["id"] not in _ADVICE
        for node in one["nodes"][:3]
    ]
    wide = page.evaluate(_TOO_WIDE)
    return [*problems, f"{name}: too wide: {wide}"] if wide else problems
