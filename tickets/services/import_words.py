"""Why something could not be read, and the next step: one sentence each, in the reader's language."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(NamedTuple):
    """What happened, and what to do now. `%(detail)s` is a host, a number or a type."""

    what: str | Promise
    next_step: str | Promise


_PASTE = _("Copy the text from where you see it, and paste it here.")
_CUT = _("Cut it into parts and import one after the other.")
_LATER = _("Try again in a few minutes, or paste the text here.")
PROBLEMS: dict[str, Problem] = {
    # The file
    "empty": Problem(_("There is no text in it."), _PASTE),
    "locked": Problem(
        _("The file is protected with a password."), _("Save a copy without the password and choose that.")
    ),
    "scanned": Problem(
        _("The PDF has pictures of pages and no text, as a scanner makes it."),
        _("Open it where it was written and save it as PDF or Word again, or paste the text here."),
    ),
    "old_word": Problem(
        _("This is a Word file of the old kind (.doc)."),
        _("Open it, choose “Save as”, take .docx, and choose that."),
    ),
    "wrong_type": Problem(
        _("This is no text, web page, Word file or PDF."),
        _("Save it as one of these, or copy the text and paste it here."),
    ),
    "broken": Problem(
        _("The file is damaged."),
        _("Open it, save it again, and choose the new copy."),
    ),
    "too_large": Problem(
        _("It is larger than 10 MB or 300 pages of text."),
        _("Cut it into parts and import one after the other."),
    ),
    "too_large_inside": Problem(
        _("The file unpacks to far more than a text would have."),
        _("Save it again without pictures, or paste the text here."),
    ),
    "too_many_pages": Problem(
        _("The PDF has %(detail)s pages; 300 are the most."),
        _("Cut it into parts and import one after the other."),
    ),
    "too_many_articles": Problem(
        _("It would make %(detail)s articles; 300 are the most."),
        _("Cut it into parts and import one after the other."),
    ),
    "too_slow": Problem(
        _("Reading it took too long and was stopped."), _("Cut it into parts, or paste the text here.")
    ),
    # The page
    "bad_address": Problem(
        _("This is not the address of a web page."),
        _("Copy it from the top of your browser, it starts with https://."),
    ),
    "unknown_host": Problem(
        _("There is no website at %(detail)s."),
        _("Check how it is written."),
    ),
    "private_address": Problem(
        _("%(detail)s stands inside a private network and is not read."),
        _("Save the page as a file and choose that."),
    ),
    "no_answer": Problem(_("%(detail)s does not answer."), _LATER),
    "bad_certificate": Problem(
        _("%(detail)s has no valid certificate, so nobody can tell whether it is your site."),
        _("Have the certificate renewed, or paste the text here."),
    ),
    "not_found": Problem(
        _("%(detail)s has no such page."), _("Open the page in your browser and copy its address again.")
    ),
    "no_page": Problem(
        _("The website answered with an error (%(detail)s)."),
        _("Try again in a few minutes, or paste the text here."),
    ),
    "login": Problem(
        _("The page can only be read after signing in."),
        _("Sign in there yourself, copy the text, and paste it here."),
    ),
    "other_site": Problem(
        _("The page leads to another website (%(detail)s)."),
        _("If that is yours too, import its address instead."),
    ),
    "too_many_redirects": Problem(
        _("The page leads round in a circle."), _("Open it in your browser and copy the address it ends at.")
    ),
    "needs_script": Problem(
        _("The page is empty until a program in the browser fills it."),
        _("Open it in your browser, copy the text, and paste it here."),
    ),
    "lost": Problem(
        _("Reading it was interrupted."),
        _("Try again."),
    ),
}


def problem_of(code: str, detail: str) -> Problem:
    """The sentences for a code, with the detail in its place."""
    found = PROBLEMS.get(code, PROBLEMS["broken"])
    return Problem(
        str(found.what) % {"detail": detail} if "%(" in str(found.what) else found.what, found.next_step
    )
