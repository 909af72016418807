"""Which strings customers can meet: found in templates and code, to hold the translations against."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LANGUAGES = ("de", "fr", "es")
#: Where customer-facing texts are written. Rules and topics stand on the trust page, check texts do not.
TEMPLATES = (
    "templates/portal/**/*",
    "templates/public/**/*",
    "templates/errors/*.html",
    "templates/4*.html",
    "templates/500.html",
    "templates/base.html",
    "templates/components/field.html",
    "templates/components/language.html",
    "templates/components/messages.html",
)
CODE = (
    "helpdesk/portal/*.py",
    "helpdesk/privacy/notice.py",
    "helpdesk/privacy/registry.py",
    "governance/apps.py",
    "governance/portal*.py",
    "governance/public*.py",
    "governance/selectors/badge.py",
    "governance/selectors/known_failures.py",
    "governance/selectors/public_figures.py",
    "governance/selectors/trust.py",
    "governance/explaining.py",
    "governance/papers/customer_papers.py",
    "aiassist/assistant/asking.py",
    "aiassist/assistant/forms.py",
    "aiassist/assistant/handing_over.py",
    "aiassist/assistant/views.py",
    "aiassist/assistant/words.py",
    "governance/core/clause_words.py",
    "governance/core/rule_words.py",
    "governance/core/prose.py",
    "governance/core/kinds.py",
    "governance/core/topics.py",
    "governance/models/consent.py",
    "tickets/apps.py",
    "tickets/portal*.py",
    "tickets/survey_mail.py",
    "tickets/mail/outgoing.py",
    "tickets/views/help.py",
)
#: Words of models that are shown to customers, whatever else their module says.
EXTRA = (
    "Privacy notice",
    "Treated alike",
    "Keep an eye on it",
    "Not treated alike",
    "Too few tickets to tell",
)
_SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "_N"}
_PLURAL = {"ngettext", "ngettext_lazy"}


def messages() -> dict[str, str]:
    """msgid -> msgid_plural (empty where there is none) of every customer-facing string."""
    found = dict.fromkeys(EXTRA, "")
    for pattern in TEMPLATES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                found |= dict(
                    _of_code(templatize(path.read_text(), origin=str(path)), path, is_template=True)
                )
    for pattern in CODE:
        for path in sorted(ROOT.glob(pattern)):
            found |= dict(_of_code(path.read_text(), path))
    return {one: plural for one, plural in found.items() if one}


def _of_code(source: str, path: Path, *, is_template: bool = False) -> Iterator[tuple[str, str]]:
    if is_template:
        for line in source.split("gettext(")[1:]:
            yield from _of_template(line)
        return
    for node in ast.walk(ast.parse(source, filename=str(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if node.func.id in _SINGLE and texts:
                yield texts[0], ""
            elif node.func.id in _PLURAL and len(texts) > 1:
                yield texts[0], texts[1]


def _of_template(rest: str) -> Iterator[tuple[str, str]]:
    """`templatize` turns a template into calls; this reads the string arguments that follow one."""
    import tokenize

    texts: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(rest).readline):
            if token.type == tokenize.STRING:
                texts.append(ast.literal_eval(token.string))
            elif token.string == ")":
                break
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    if texts:
        yield texts[0], texts[1] if len(texts) > 1 else ""
