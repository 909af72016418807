"""Files as owners have them, made the short way: PDF and Word without a program that writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Standard"><w:name w:val="Normal"/></w:style></w:styles>'
)


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF; a line that begins with "*" is bold and larger."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"", b""]
    objects[2] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
    kids = []
    for lines in pages:
        stream = _page(lines)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _page(lines: Sequence[str]) -> bytes:
    parts, y = [b"BT"], 800
    for line in lines:
        bold = line.startswith("*")
        font, text = (b"/F2 15 Tf", line[1:]) if bold else (b"/F1 11 Tf", line)
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
        parts.append(font + b" 1 0 0 1 60 %d Tm (%s) Tj" % (y, escaped))
        y -= 14 if line else 12
    return b"\n".join([*parts, b"ET"])


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def locked_pdf(pages: Sequence[Sequence[str]], password: str) -> bytes:
    """The same behind a password; an empty one is that of files which anybody may read and nobody print."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(pages))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(paragraphs: Sequence[tuple[str, str]], *, head: str = "") -> bytes:
    """A Word file of (what, text): what is heading, bold, item or empty; `head` goes before the document."""
    body = "".join(_paragraph(what, text) for what, text in paragraphs)
    document = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document, "word/styles.xml": STYLES})


def _paragraph(what: str, text: str) -> str:
    style = {"heading": '<w:pStyle w:val="berschrift2"/>', "item": '<w:numPr><w:numId w:val="1"/></w:numPr>'}
    bold = "<w:rPr><w:b/></w:rPr>" if what == "bold" else ""
    return f"<w:p><w:pPr>{style.get(what, '')}</w:pPr><w:r>{bold}<w:t>{text}</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
