"""What the staff's templates ask: a step's title and address, and where a person may go."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import signposts
from complaints import shown
from complaints.codes import Words
from complaints.compartments import Opened
from complaints.models import Case
from complaints.stepforms import FORMS
from factories import people
from factories.models import FactoryRole, OutsideRole

register = template.Library()


@register.simple_tag
def step_title(step: str) -> Words:
    return FORMS[step].title


# Steps that are taken on a page of their own, beside what has to be read first.
ON_A_PAGE = {
    "agree_safety_decision": "casework:safety",
    "send_referral": "casework:referrals",
    "note_referral": "casework:referrals",
}


@register.simple_tag
def step_url(case: Case, step: str) -> str:
    if step in ON_A_PAGE:
        return reverse(ON_A_PAGE[step], args=[case.reference])
    return reverse("casework:step", args=[case.reference, step.replace("_", "-")])


OUTSIDE_HANDLERS = {OutsideRole.TECHNICAL_EXPERT.value, OutsideRole.SAFEGUARDING_LEAD.value}
READS_FIGURES = {
    *FactoryRole.values,
    *OUTSIDE_HANDLERS,
    OutsideRole.ADVISOR.value,
    OutsideRole.PROGRAMME_LEAD.value,
}
# Where each role may go. The first page and one's own key are everybody's.
PLACES: tuple[tuple[set[str], str, Words], ...] = (
    ({*FactoryRole.values, *OUTSIDE_HANDLERS}, "casework:caseload", _("Cases")),
    ({OutsideRole.ADVISOR.value}, "casework:late_steps", _("Late steps")),
    ({OutsideRole.PROGRAMME_LEAD.value}, "casework:overdue", _("Overdue")),
    (READS_FIGURES, "casework:figures", _("Figures")),
    ({OutsideRole.TECHNICAL_EXPERT.value}, "factories:keys", _("Keys")),
    ({OutsideRole.TECHNICAL_EXPERT.value}, "casework:bursts", _("Surges")),
    ({OutsideRole.TECHNICAL_EXPERT.value}, "casework:legal_holds", _("Legal holds")),
    (OUTSIDE_HANDLERS, "factories:providers", _("Service providers")),
    ({OutsideRole.PLATFORM_ADMIN.value}, "factories:administration", _("Administration")),
    ({OutsideRole.PLATFORM_ADMIN.value}, "casework:holders", _("Holders")),
)


@register.simple_tag
def said_in(opened: Opened) -> list[shown.Line]:
    """What lies in an opened entry, as labelled lines."""
    return shown.lines(opened.content)


@register.simple_tag(takes_context=True)
def staff_links(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the person who is signed in may go, and which of it is this page."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    roles = people.roles_of(user)
    links = []
    for who, name, label in PLACES:
        if roles & who:
            url = reverse(name)
            links.append({"url": url, "label": label, "here": request.path == url})
    for link in signposts.links():
        if roles & link.roles:
            url = reverse(link.url_name)
            links.append({"url": url, "label": link.label, "here": request.path.startswith(url)})
    here = max((link["url"] for link in links if link["here"]), key=len, default="")
    return [link | {"here": link["url"] == here} for link in links]
