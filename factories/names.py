"""Factory names and short codes: how a name is compared, how a code is drawn."""

from __future__ import annotations

import re
import secrets
import unicodedata

# No 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: a code is read off a poster and typed on a phone.
CODE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 6
KEY_LENGTH = 200

_LEGAL_FORMS = frozenset(
    re.findall(
        r"\w+",
        "ltd limited co company corp corporation inc incorporated llc llp lp plc pvt private pte pty pt "
        "jsc ojsc cjsc cv tbk gmbh ag kg sa sarl sas srl spa sl slu bv nv oy ab as aps kft sro doo ltda "
        "sdn bhd lda ltee mfg ",
    )
)
_LEGAL_PHRASES = re.compile(
    r"\b(joint stock company|private limited|public limited company|one member limited liability company"
    r"|limited liability company|s r o|d o o|s r l|s p a|s a r l|s a s|s a|s l|sp z o o"
    r"|sanayi ve ticaret|san ve tic|a s|b v|l l c)\b"
)
# Letters that Unicode does not take apart.
_FOLDED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def name_key(name: str) -> str:
    """Return a factory's name as it is compared: no case, accents, punctuation or legal form.

    A name that consists of nothing else keeps its words, so that a key is empty only for an empty name.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_FOLDED)
    # Combining marks above Latin letters go; vowel signs of Khmer or Burmese (which are letters' own) stay.
    plain = "".join(mark for mark in plain if not 0x0300 <= ord(mark) <= 0x036F)
    words = _words(plain)
    shortened = _LEGAL_PHRASES.sub(" ", words)
    kept = [word for word in shortened.split() if word not in _LEGAL_FORMS]
    return (" ".join(kept) or words or plain.strip())[:KEY_LENGTH]


def _words(text: str) -> str:
    """Keep letters, digits and their vowel signs; turn everything else into one space."""
    kept = (mark if unicodedata.category(mark)[0] in "LMN" else " " for mark in text.replace("'", ""))
    return " ".join("".join(kept).split())


def new_short_code() -> str:
    """Draw a short code for a factory's poster, e.g. `7KQ4MX`."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def typed_short_code(text: str) -> str:
    """Return what somebody typed as a short code, or an empty string where it cannot be one."""
    code = re.sub(r"[\s\-.]+", "", text).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) else ""
