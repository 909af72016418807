"""What the files for leaving hold about persons: nothing in their rows; the file itself is for the owner alone."""

from __future__ import annotations

from helpdesk.privacy.registry import TECHNICAL, Category, D, declare

declare("privacy.Takeout", {"member": D(Category.STAFF, "staff")}, rest=TECHNICAL)
