"""What people type, made harmless and kept: control characters and direction marks go, words stay."""

from __future__ import annotations

import re
import unicodedata

# Marks that turn the direction of text around: they can make a sentence read as another one.
_DIRECTION_MARKS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Space and joiner marks inside Khmer words and emoji belong to them and stay.

# Zawgyi writes Burmese in an order and with signs that Unicode does not have: a vowel E before its
# consonant, an asat where a consonant must follow, and letters from a range that Burmese never uses.
_ZAWGYI = re.compile(r"(?:^|[\s\u200b\u104a\u104b])\u1031|\u1031\u1031|\u1039(?![\u1000-\u1021\u103f])|[\u1060-\u1097]")
_BURMESE = re.compile(r"[\u1000-\u109f]")


def clean(text: str, *, lines: bool = True) -> str:
    """Strip control characters and direction marks; everything a person can read stays as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DIRECTION_MARKS)
    kept = "\n\t" if lines else ""
    text = "".join(mark if _readable(mark) or mark in kept else " " if mark in "\n\t" else "" for mark in text)
    return text.strip()


def _readable(mark: str) -> bool:
    return unicodedata.category(mark) not in ("Cc", "Cs")


def looks_like_zawgyi(text: str) -> bool:
    """Tell whether Burmese text was probably typed with a Zawgyi keyboard."""
    return bool(_BURMESE.search(text)) and bool(_ZAWGYI.search(text))
