"""What the words around it give away: births, streets, schools and teams, and what there is only one of."""

import re
from collections.abc import Iterator
from typing import Final

from checklist.later import pattern
from checklist.privacy.kinds import Hit, listed
from checklist.privacy.numbers import DAY
from checklist.privacy.words import each, is_english, trade_words

_MONTH: Final = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
BIRTHS: Final = frozenset(["dob", "born", "birth", "births", "birthday", "birthdays", "birthdate"])
_BORN: Final = pattern(
    r"(?!\w)[^\n]{0,24}?(?<![\w/.\-])"
    rf"((?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|{DAY}[/.\-]\d\d?[/.\-]\d\d(?:\d\d)?"
    rf"|{DAY}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} {DAY}|(?:19|20)\d\d[01]\d[0-3]\d)(?!\w)",
    re.IGNORECASE,
)
_A_DIGIT: Final = pattern(r"\d")
_REACH = 40
"""Characters after a word for a birth in which the day's first digit stands, the name of a month before it included."""
_SPACED_DOB: Final = pattern(r"d\. ?o\. ?b\.?", re.IGNORECASE)
STREETS: Final = ["street", "road", "lane", "avenue", "crescent", "terrace", "close", "drive", "grove", "mews", "gardens", "court", "way", "place", "row", "hill", "square", "walk", "green", "view", "rise", "park", "house", "cottage", "farm", "vicarage", "rectory", "lodge", "manor", "villas", "buildings", "mansions", "parade", "st", "rd", "ave"]  # fmt: skip
_SURE_STREETS: Final = frozenset(
    listed("street road lane avenue crescent terrace mews villas cottage vicarage rectory rd ave")
)
_STREET: Final = pattern(
    r"(?<![\w'])(?P<number>\d{1,4}[a-z]?,?[ \t]{1,2})?(?P<name>(?:[A-Z][A-Za-z']{0,24}[ \t\-]){1,4})(?P<kind>"
    + "|".join(word.capitalize() for word in STREETS)
    + r")(?!\w)"
)
_SMALL_STREET: Final = pattern(
    r"(?<![\w.:/\-])\d{1,4}[a-z]?,? (?:[a-z']{2,20} )?([a-z']{2,20}) (?:street|road|lane|avenue|crescent|close|drive|terrace)(?!\w)",
    re.IGNORECASE,
)
_FLAT: Final = pattern(r"(?<!\w)(?:flat|apartment|apt)[ \t](?:no\.? ?)?\d{1,4}[a-z]?(?!\w)", re.IGNORECASE)
_NOT_A_STREET: Final = frozenset(
    listed(
        "the a an this that same main busy mile miles yard yards day days week weeks month months year years "
        "hour hours minutes times metres crown family high county youth magistrates supreme coroners safe "
        "care childrens children victims police social work working working-together parent first second "
        "third last next no one two three care-home guest public open old-style play of in at on to from near "
        "seen searched under over off across"
    )
)
ORGANISATIONS: Final = listed(
    "School Academy College Nursery Preschool Pre-school Playgroup Surgery Practice Hospital Hospice "
    "Infirmary Clinic Church Chapel Mosque Temple Synagogue Gurdwara Cathedral FC AFC RFC United Rovers "
    "Athletic Wanderers Scouts Cubs Beavers Brownies Guides Cadets Gazette Herald Chronicle Echo Argus "
    "Mercury Courier Advertiser Mosques Hotel Inn Arms Centre Club Home"
)
_SURE: Final = frozenset(
    listed(
        "Academy FC AFC RFC Rovers Wanderers Gazette Herald Chronicle Argus Courier Advertiser Scouts Surgery Infirmary"
    )
)
_ORGANISATION: Final = pattern(
    r"(?<![\w'])(?P<name>(?:[A-Z\d][\w'.&]{0,24}[ \t])(?:(?:[A-Z][\w'.&]{0,24}|of|and|the|&)[ \t]){0,6})(?P<kind>"
    + "|".join(ORGANISATIONS)
    + r")(?!\w)"
)
_ANY_SUCH: Final = frozenset(
    listed(
        "the a an primary secondary infant infants junior high middle nursery special boarding independent "
        "sixth form local public private general children's childrens community teaching royal mental health "
        "day faith sunday police medical gp catholic christian youth new current previous first second third "
        "her his their each every at in from of and & care leisure sports residential training children "
        "family hub contact walk-in drop-in urgent treatment assessment sexual assault referral referrals "
        "support resource detention secure custody call control operations information crisis respite foster "
        "pupil unit free grammar comprehensive state maintained football after breakfast homework night "
        "social dental emergency district county city central north south east west told informed visited "
        "attends attended seen contacted spoke asked no any both working social"
    )
)
_KINDS_OF_PLACES: Final = frozenset(
    listed("medical health primary secondary infant junior high grammar community children's leisure general")
)
_ONLY: Final = pattern(
    r" (?:\w{1,20}[ \-]){1,4}(?:in|at|on|from) (?:the|that|her|his|this|their|a) (?:\w{1,20} )?"
    r"(?:school|village|town|street|estate|class|year|area|county|city|region|road|community|nursery|team|island|force|country|family|hospital)\b",
    re.IGNORECASE,
)
BIRTHS_TOGETHER: Final = frozenset(
    ["triplet", "triplets", "quadruplet", "quadruplets", "quintuplet", "quintuplets", "sextuplet", "sextuplets"]
)
PRESS: Final = frozenset(["press", "paper", "papers", "newspaper", "newspapers", "headlines", "news"])
_IN_THE: Final = pattern(
    r"\b(?:(?:in|by|on|to|made) the (?:local |national |regional )?|(?:made|was on|were on) (?:local |national |regional )?|(?:local|national|regional) )\Z",
    re.IGNORECASE,
)


def births(text: str) -> Iterator[Hit]:
    """Dates that a word for a birth stands before."""
    places = [(at, end) for at, end in each(text.lower(), BIRTHS) if text[at - 1 : at] not in ("-", "_")]
    places += [found.span() for found in _SPACED_DOB.finditer(text)]
    for _, end in places:
        found = _BORN.match(text, end) if _A_DIGIT.search(text, end, end + _REACH) else None
        if found:
            yield Hit(*found.span(1), "birth-date")


def streets(text: str) -> Iterator[Hit]:
    """Streets and houses, by their names."""
    for found in _STREET.finditer(text):
        names = found["name"].lower().replace("'", "").replace("-", " ").split()
        own = [name for name in names if name not in _NOT_A_STREET]
        sure = found["kind"].lower() in _SURE_STREETS or found["number"]
        if found["number"] and names == ["the"]:
            own = names
        if own and (sure or not all(map(is_english, own)) or len(own) > 1):
            yield Hit(*found.span(), "address")


def small_streets(text: str) -> Iterator[Hit]:
    """Streets in small letters, after the number of a house."""
    for found in _SMALL_STREET.finditer(text):
        if found[1].lower() not in _NOT_A_STREET:
            yield Hit(*found.span(), "address")


def organisations(text: str) -> Iterator[Hit]:
    """Schools, surgeries, teams, newspapers and the like, by their names."""
    for found in _ORGANISATION.finditer(text):
        own = [name for name in found["name"].split() if name.lower().strip(".") not in _ANY_SUCH]
        small = [name.lower().strip(".").removesuffix("'s") for name in own]
        unknown = [name for name in small if not is_english(name) and name not in trade_words()]
        is_kind = found["name"].split()[-1].lower() in _KINDS_OF_PLACES
        if unknown or len(own) > 1 or (own and (is_kind or found["kind"] in _SURE)):
            yield Hit(*found.span(), "organisation")


def only_ones(text: str) -> Iterator[Hit]:
    """What there is only one of in a place."""
    for at, end in each(text.lower(), frozenset({"only"})):
        found = _ONLY.match(text, end)
        if found:
            yield Hit(at, found.end(), "stands-out")


def born_together(text: str) -> Iterator[Hit]:
    """Three children or more of one birth."""
    return (Hit(at, end, "stands-out") for at, end in each(text.lower(), BIRTHS_TOGETHER))


def in_the_press(text: str) -> Iterator[Hit]:
    """What was in the press, where anybody can find it."""
    for at, end in each(text.lower(), PRESS):
        if _IN_THE.search(text, max(0, at - 24), at):
            yield Hit(at, end, "stands-out")


def flats(text: str) -> Iterator[Hit]:
    """Flats with their number."""
    return (Hit(*found.span(), "address") for found in _FLAT.finditer(text))
