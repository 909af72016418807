"""A paper as PDF (reportlab, with a typeface inside the file)."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from governance.papers.text import pieces

_PLAIN, _BOLD = "Vera", "VeraBd"


def pdf(*, title: str, content: str, foot: str) -> bytes:
    """The paper on A4, `foot` on each page with its number. Letters that the typeface lacks become a question mark."""
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        invariant=1,
    )
    styles = _styles()
    story: list[Any] = []
    for kind, given in pieces(content):
        story += _drawn(kind, given, styles, document.width)

    def page(canvas: Any, _document: Any) -> None:
        canvas.setFont(_PLAIN, 7)
        canvas.setFillColor(colors.HexColor("#5b6470"))
        canvas.drawString(20 * mm, 10 * mm, _known(foot))
        canvas.drawRightString(A4[0] - 20 * mm, 10 * mm, str(canvas.getPageNumber()))

    document.build(story, onFirstPage=page, onLaterPages=page)
    return out.getvalue()


@cache
def _letters() -> frozenset[int]:
    """Registers the typeface; the letters that it has."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (_PLAIN, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    return frozenset(pdfmetrics.getFont(_PLAIN).face.charWidths)


def _known(text: str) -> str:
    letters = _letters()
    return "".join(one if ord(one) in letters else {"→": "->", "−": "-"}.get(one, "?") for one in text)


def _styles() -> dict[str, ParagraphStyle]:
    _letters()
    text = ParagraphStyle("text", fontName=_PLAIN, fontSize=9, leading=13, spaceAfter=5)
    return {
        "text": text,
        "heading": ParagraphStyle(
            "heading", parent=text, fontName=_BOLD, fontSize=16, leading=21, spaceAfter=8
        ),
        "section": ParagraphStyle(
            "section", parent=text, fontName=_BOLD, fontSize=11, leading=15, spaceBefore=8
        ),
        "list": ParagraphStyle("list", parent=text, leftIndent=10, bulletIndent=0, spaceAfter=2),
        "cell": ParagraphStyle("cell", parent=text, fontSize=7.5, leading=10, spaceAfter=0),
        "head": ParagraphStyle("head", parent=text, fontName=_BOLD, fontSize=7.5, leading=10, spaceAfter=0),
    }


def _drawn(kind: str, given: Any, styles: dict[str, ParagraphStyle], width: float) -> list[Any]:
    if kind == "list":
        return [Paragraph(escape(_known(one)), styles["list"], bulletText="–") for one in given]
    if kind != "table":
        return [Paragraph(escape(_known(given)), styles[kind])]
    rows = [
        [Paragraph(escape(_known(cell)), styles["cell" if number else "head"]) for cell in row]
        for number, row in enumerate(given)
    ]
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#d5d9de"))
    table = LongTable(rows, colWidths=[width / len(given[0])] * len(given[0]), repeatRows=1)
    table.setStyle(
        TableStyle([line, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 2)])
    )
    return [table, Spacer(1, 6)]
