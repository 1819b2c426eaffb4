"""What the handlers' templates say about a step: its title and its address."""

from __future__ import annotations

from django import template
from django.urls import reverse

from complaints.casework_forms import FORMS
from complaints.codes import Words
from complaints.models import Case

register = template.Library()


@register.simple_tag
def step_title(step: str) -> Words:
    return FORMS[step].title


@register.simple_tag
def step_url(case: Case, step: str) -> str:
    return reverse("casework:step", args=[case.reference, step.replace("_", "-")])
