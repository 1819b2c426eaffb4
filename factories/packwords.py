"""The words of country packs: roads that lead outside as a worker reads them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# Closed; a pack names its roads by these codes. What it is, in a sentence that promises nothing.
ROADS: dict[str, tuple[Words, Words]] = {
    "expert": (
        _("The outside helper"),
        _("A person outside the factory who knows about these things. She listens, and tells you what you can do."),
    ),
    "union": (_("A union"), _("A union can speak for you, and come with you. It may be one outside your factory.")),
    "labour_inspection": (
        _("The labour inspection"),
        _("Officers who look at whether factories keep the law. You may go there alone, or with somebody."),
    ),
    "arbitration": (_("Arbitration"), _("People who are not from the factory hear both sides, and decide about work.")),
    "court": (_("A court"), _("A judge hears both sides, and decides. Ask a legal helper first what it costs.")),
}
