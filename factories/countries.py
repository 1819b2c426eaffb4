"""Country names as people write them, and the pack of a country nobody has described yet."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from factories import clock
from factories.models import CountryPack

# Codes of the name list that are no countries: unions, outlying posts, pseudo codes.
_NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())  # noqa: SIM905
# Spellings of public supplier lists that no name list knows; compared as `_plain` leaves them.
_SPELLINGS = {
    "BD": "bangla desh",
    "BO": "bolivia plurinational state",
    "CD": "democratic republic congo;drc",
    "CI": "ivory coast;cote divoire",
    "CN": "peoples republic china;p r china;prc;pr china;mainland china;china mainland",
    "CZ": "czech republic",
    "GB": "uk;u k;great britain;england;scotland;wales;northern ireland",
    "HK": "hong kong;hongkong;hong kong sar;hong kong china;hk sar",
    "IR": "iran islamic republic",
    "KH": "kampuchea;kingdom cambodia",
    "KR": "korea;republic korea;korea republic;korea south;s korea;korea rep",
    "LA": "laos;lao;lao pdr;lao p d r;lao peoples democratic republic",
    "LK": "srilanka",
    "MD": "republic moldova;moldova republic",
    "MK": "macedonia;republic macedonia;fyrom",
    "MM": "myanmar;burma;union myanmar;republic union myanmar",
    "MO": "macau;macao;macau sar",
    "PH": "phillipines;philippine;philipines",
    "PS": "palestine;west bank;gaza",
    "RU": "russian federation",
    "SY": "syrian arab republic",
    "SZ": "swaziland",
    "TR": "turkey;turkiye;republic turkey;republic turkiye",
    "TW": "taiwan province china;taiwan roc;chinese taipei;taiwan china",
    "TZ": "united republic tanzania;tanzania united republic",
    "AE": "uae;u a e;emirates",
    "US": "usa;u s a;u s;united states america;america",
    "VE": "venezuela bolivarian republic",
    "VN": "viet nam;vietnam socialist republic;socialist republic vietnam;viet-nam",
}
# Also in the languages of the countries the programme works in, and of lists from Europe and America.
_LANGUAGES = ("en", "km", "vi", "lo", "my", "bn", "tr", "fr", "es", "de", "it", "pt")


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold()).replace("ı", "i")
    text = "".join(mark for mark in text if not 0x0300 <= ord(mark) <= 0x036F)
    text = re.sub(r"['’`]", "", text)
    words = re.sub(r"[\s.,;:()&/\\_\-–]+", " ", text).split()
    return " ".join(word for word in words if word not in {"the", "of"})


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return the English name of every country by its ISO code."""
    territories = Locale("en").territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in reversed(_LANGUAGES):  # English is read last and wins.
        territories = Locale(language).territories
        for code in country_names():
            if code in territories:
                known[_plain(territories[code])] = code
    for long_code, codes in get_global("territory_aliases").items():
        if long_code.isalpha() and codes[0] in country_names() and len(codes) == 1:
            known.setdefault(long_code.casefold(), codes[0])
    for code, spellings in _SPELLINGS.items():
        known |= {_plain(spelling): code for spelling in spellings.split(";")}
    known |= {code.casefold(): code for code in country_names()}
    return known


def code_of(written: str) -> str:
    """Return the ISO code of a country as somebody wrote it, or an empty string."""
    return _spellings().get(_plain(written), "")


def suggestion_for(written: str) -> str:
    """Return the country somebody may have meant, or an empty string."""
    close = get_close_matches(_plain(written), [key for key in _spellings() if len(key) > 3], n=1, cutoff=0.8)
    return country_names()[_spellings()[close[0]]] if close else ""


def new_pack(code: str) -> CountryPack:
    """Return an unsaved template for a country, with its name and, where there is only one, its time zone."""
    zones = get_global("territory_zones").get(code, [])
    zone = clock.week_of(code).zone
    if zone == "UTC" and zones:
        zone = zones[0]
    return CountryPack(code=code, name=country_names()[code], time_zone=zone)


def ensure_packs(codes: set[str]) -> None:
    """Make a template for each of these countries that has none."""
    CountryPack.objects.bulk_create([new_pack(code) for code in sorted(codes)], ignore_conflicts=True)
