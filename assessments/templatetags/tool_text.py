"""What templates ask of the tool: a text in the reader's language, a source in words."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from assessments.models import Source
from assessments.tool import Tool

register = template.Library()


@register.filter
def said_by(english: str, used: Tool) -> str:
    """Return a text of this version of the tool in the reader's language: `{{ one.title|said_by:used }}`."""
    return used.text(english)


@register.filter
def source_words(codes: Iterable[str]) -> str:
    """Return sources in words, as in “documents, worker interview on site”."""
    return ", ".join(str(Source(code).label) for code in codes)
