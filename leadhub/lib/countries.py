"""Countries by their ISO 3166-1 code and by name. Called wherever one comes in or is shown; what is stored is the code.

Names are Unicode's (CLDR, packaged by Babel) in the languages that imports know. A country is what has phone numbers.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

import phonenumbers
from babel import Locale
from babel.core import get_global

from leadhub.lib.words import bare_words

_SHORTEST_NAME, _LIKENESS = 4, 0.75  # a slip of two letters in seven is still a slip
_LANGUAGES = ("en", "de", "fr", "es", "nl", "it", "pt")
# What people and ISO's own list call them, where CLDR does not.
_OTHER_NAMES = {
    "AE": "UAE",
    "BN": "Brunei Darussalam",
    "CD": "Congo; DR Congo; DRC; Democratic Republic of the Congo; Congo, Democratic Republic of the",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "CN": "People's Republic of China; PRC; China, mainland",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic; Tschechische Republik; République tchèque; República Checa; Repubblica Ceca",
    "GB": """Great Britain; Britain; England; Scotland; Wales; Northern Ireland; Großbritannien; Grande-Bretagne;
        Gran Bretaña; Groot-Brittannië; Gran Bretagna; Grã-Bretanha; Inglaterra; Angleterre; Inghilterra""",
    "GR": "EL",
    "HK": "Hong Kong; Hongkong",
    "IE": "Republic of Ireland; Eire",
    "IR": "Iran, Islamic Republic of",
    "KR": "Korea, Republic of; Republic of Korea; Korea (South)",
    "KP": "Korea, Democratic People's Republic of",
    "LA": "Lao People's Democratic Republic",
    "MD": "Moldova, Republic of",
    "MK": "Macedonia; Macedonia, the former Yugoslav Republic of",
    "MM": "Burma",
    "MO": "Macao; Macau",
    "NL": "The Netherlands; Holland; Hollande; Holanda; Olanda",
    "PS": "Palestine; Palestine, State of; Palestinian Territory, Occupied",
    "RU": "Russian Federation; Russische Föderation",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "TW": "Taiwan, Province of China",
    "TZ": "Tanzania, United Republic of",
    "US": """United States of America; Vereinigte Staaten von Amerika; États-Unis d'Amérique; Estados Unidos de América;
        Verenigde Staten van Amerika; Stati Uniti d'America; Estados Unidos da América; EE. UU.; EUA""",
    "VA": "Holy See; Holy See (Vatican City State); Vatican",
    "VE": "Venezuela, Bolivarian Republic of",
    "VG": "Virgin Islands, British",
    "VI": "Virgin Islands, U.S.",
    "VN": "Viet Nam",
}


def read_country(text: str) -> str | None:
    """Return the code that a name or a code of two or three letters means, whatever its case and accents; else None."""
    return _read_by().get(_squeeze(text))


def explain_unknown(text: str) -> str:
    """Say what to enter instead of a text that names no country, the nearest name first where there is one."""
    names = [word for word in _read_by() if len(word) >= _SHORTEST_NAME]
    nearest = get_close_matches(_squeeze(text), names, n=1, cutoff=_LIKENESS)
    usual = "Enter a country's name or its two letters, such as Germany or DE."
    return f"Did you mean {name_country(_read_by()[nearest[0]])}? {usual}" if nearest else usual


def name_country(code: str) -> str:
    """Return the country's name in English; what is no code, or nothing, as it is."""
    return _list_names().get(code, code)


def list_countries() -> list[tuple[str, str]]:
    """Return every country's code and name, by name."""
    return list(_list_names().items())


@cache
def _list_names() -> dict[str, str]:
    names = Locale("en").territories
    found = ((code, names[code]) for code in phonenumbers.SUPPORTED_REGIONS)
    return dict(sorted(found, key=lambda country: _squeeze(country[1])))


@cache
def _read_by() -> dict[str, str]:
    """Return codes by all that stands for them; a word for two countries stands for none."""
    meant: dict[str, set[str]] = {}
    for code in phonenumbers.SUPPORTED_REGIONS:
        for word in _list_words(code):
            meant.setdefault(_squeeze(word), set()).add(code)
    return {word: codes.pop() for word, codes in meant.items() if len(codes) == 1}


def _list_words(code: str) -> Iterator[str]:
    yield from (code, *_OTHER_NAMES.get(code, "").split(";"), *_list_aliases().get(code, ()))
    for language in _LANGUAGES:
        name = str(Locale(language).territories[code])
        yield from (name, name.partition(" (")[0], name.replace("&", "and").replace("St.", "Saint"))


@cache
def _list_aliases() -> dict[str, list[str]]:
    """Return what else CLDR calls a code: its three letters, and `UK`; others of two mean states of the past."""
    aliases: dict[str, list[str]] = {}
    for alias, codes in get_global("territory_aliases").items():
        if (len(alias) == 3 and alias.isalpha()) or alias == "UK":
            aliases.setdefault(codes[0], []).append(alias)
    return aliases


def _squeeze(text: str) -> str:
    return bare_words(text).replace(" ", "")
