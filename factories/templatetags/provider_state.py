"""How a provider stands, as a badge."""

from __future__ import annotations

from django import template

from factories.models import ProviderState

register = template.Library()


@register.inclusion_tag("factories/_provider_state.html", name="provider_state")
def provider_state(state: str) -> dict[str, object]:
    return {"state": state, "label": ProviderState(state).label}
