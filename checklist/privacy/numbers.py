"""Numbers, and letters with numbers: what their check digits, their shape and the word before them say that they are.

Every pattern begins at a digit or a sign, which are rare, and looks back from there; all repeats are bounded or possessive.
"""

import re
from collections.abc import Iterator
from typing import Final

from checklist.later import pattern
from checklist.privacy.checks import is_iban, is_luhn, is_nhs_number
from checklist.privacy.kinds import Hit, listed
from checklist.privacy.words import each, is_english, trade_words

BEFORE: Final = 32
"""Characters before a number in which a word may say what it is."""
DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
ISO: Final = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?)?(?![\d-])"
CODE: Final = pattern(r"[A-Z]{1,3}-?\d{1,3}[a-z]?")
"""A code that a case gives to a person or a thing."""
_WRITTEN: Final = rf"{DAY}(?P<by>[/.-])(?:0?[1-9]|1[0-2])(?P=by)(?:(?:19|20)\d\d|\d\d)(?![/.-]?\d)"
_YEAR: Final = pattern(r"(?:19|20)\d\d")


def near(says: re.Pattern[str], text: str, at: int) -> bool:
    """Whether a pattern of small letters is found shortly before a place."""
    return says.search(text[max(0, at - BEFORE) : at].lower()) is not None


# Runs of digits.

_BEGINS: Final = pattern(r"\d")
_NUMBER: Final = pattern(
    rf"{ISO}|(?P<date>{_WRITTEN})|\d\d?:\d\d(?::\d\d)?(?![\d:])|(?P<run>\d(?>(?:[ \t().\-/]{{0,3}}+(?!(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?!\d))\d)*))"
)
_GROUPS: Final = pattern(r"\d+")
_COMPACT_DAY: Final = pattern(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_FREE: Final = ("0800", "0808", "116")
"""Numbers that anybody may call without paying: helplines, never a person's own."""
_SHORTEST = 4
_LEAST_REFERENCE = 4
_LEAST_LONG = 8
_CARD, _IMEI = range(13, 20), 15
_CARD_GROUPS: Final = ((4, 4, 4, 4), (4, 6, 5))
_MOST_GROUPS = 19
_LONGEST_PHONE = 15

_SORT_CODE: Final = pattern(r"\bsort.?code|\bs/c\b")
# A word before a number, the fewest digits that it then takes, and what it is.
_SAYS: Final = (
    (pattern(r"\bnhs\b"), 10, "nhs-number"),
    (pattern(r"\bpassport"), 8, "passport"),
    (_SORT_CODE, 6, "bank"),
    (pattern(r"\baccount (?:no|num)|\baccount\W{0,3}$|\ba/c\b|\bbank\b"), 6, "bank"),
    (pattern(r"\b(?:card|visa|mastercard)\b"), 12, "card"),
    (pattern(r"\b(?:imei|imsi|iccid|sim|serial)\b"), 6, "device"),
    (pattern(r"\b(?:mobile|phone|telephone|tel|landline|texted|rang|whatsapp)\b"), 6, "phone"),
    (pattern(r"\b(?:upn|uln|pupil (?:no|num)|ni|nino|national insurance)\b"), 6, "reference"),
)
_REFERS: Final = pattern(
    r"\b(?:refs?|reference|urn|cad|log|incident|niche|holmes|athena|occurrence|crime|custody record|case|file|claim|"
    r"warrant|court|police|id|record|report|exhibit|number|no)\b[ .:#]{0,4}"
    r"(?:(?:no|nos|num|number|ref|reference|id|is|was|log)\b[ .:#]{0,4}){0,3}$"
)
_Groups = list[tuple[int, str]]


def of_digits(text: str) -> Iterator[Hit]:
    """Runs of digits that are no dates, no times and no small numbers."""
    found, at = _BEGINS.search(text), 0
    while found:
        at = found.start()
        if at and (text[at - 1].isalnum() or text[at - 1] == "_"):
            found = _BEGINS.search(text, at + 1)
            continue
        number = _NUMBER.match(text, at)
        end = number.end() if number else at + 1
        if number and number["date"] and near(_SORT_CODE, text, at):
            yield Hit(at, end, "bank")
        elif number and number["run"] and end - at >= _SHORTEST:
            yield from _of_run(text, at, end)
        found = _BEGINS.search(text, end)


def _of_run(text: str, at: int, end: int) -> Iterator[Hit]:
    groups = [(group.start(), group.group()) for group in _GROUPS.finditer(text, at, end)]
    by_shape = list(_windows(text, groups))
    yield from by_shape
    if by_shape or (len(groups) == 1 and _YEAR.fullmatch(groups[0][1])):
        return
    before = text[max(0, at - BEFORE) : at].lower()
    digits = sum(len(group) for _, group in groups)
    for says, least, detector in _SAYS:
        if digits >= least and says.search(before):
            yield Hit(at, end, detector)
            return
    long = [group for _, group in groups if len(group) >= _LEAST_REFERENCE]
    if long and not all(map(_YEAR.fullmatch, long)) and _REFERS.search(before):
        yield Hit(at, end, "reference")


def _windows(text: str, groups: _Groups) -> Iterator[Hit]:
    """What neighbouring groups make together; what is found is not looked at again."""
    number = 0
    while number < len(groups):
        size, detector = _window(text, groups[number : number + _MOST_GROUPS])
        if detector:
            last, digits = groups[number + size - 1]
            yield Hit(groups[number][0], last + len(digits), detector)
        number += size


def _window(text: str, groups: _Groups) -> tuple[int, str]:
    """How many groups from the first on belong together, and what they are; empty for nothing."""
    at, first = groups[0]
    if len(groups) == 1:
        return 1, _one_group(text, at, first)
    sizes = tuple(len(digits) for _, digits in groups[:4])
    if sizes[:3] == (3, 3, 4) and is_nhs_number(_joined(groups[:3])):
        return 3, "nhs-number"
    for card in _CARD_GROUPS:
        if sizes[: len(card)] == card and is_luhn(_joined(groups[: len(card)])):
            return len(card), "card"
    if sizes[0] == 1:  # digits spaced out
        single = next((number for number, (_, digits) in enumerate(groups) if len(digits) > 1), len(groups))
        if single >= _LEAST_LONG:
            return single, "nhs-number" if is_nhs_number(_joined(groups[:single])) else "long-number"
    if first[0] == "0" or text[max(0, at - 2) : at].rstrip("(").endswith("+"):
        return _phone(text, groups)
    return 1, _one_group(text, at, first)


def _joined(groups: _Groups) -> str:
    return "".join(digits for _, digits in groups)


def _one_group(text: str, at: int, digits: str) -> str:
    size = len(digits)
    if size < _LEAST_LONG or _COMPACT_DAY.fullmatch(digits) or digits.startswith(_FREE):
        return ""
    if is_nhs_number(digits):
        return "nhs-number"
    if _is_phone("+" if text[at - 1 : at] == "+" else "", digits):
        return "phone"
    if size in _CARD and size != _IMEI and is_luhn(digits):
        return "card"
    # A word before it knows better.
    return "" if any(near(says, text, at) for says, _, _ in _SAYS) else "long-number"


def _is_phone(plus: str, digits: str) -> bool:
    """Whether digits are as many as a British phone has, or any behind a plus."""
    size = len(digits)
    if plus or digits.startswith("00"):
        return 9 <= size <= _LONGEST_PHONE
    if digits.startswith("44"):
        return size == 12
    return size in {"0": (10, 11), "7": (10,)}.get(digits[0], ())


def _phone(text: str, groups: _Groups) -> tuple[int, str]:
    at, first = groups[0]
    if first.startswith(_FREE):
        return min(len(groups), 3 if first == "0808" else 2), ""
    plus = "+" if text[max(0, at - 2) : at].rstrip("(").endswith("+") else ""
    joined, size = "", 0
    for number, (_, digits) in enumerate(groups, 1):
        joined += digits
        if len(joined) > _LONGEST_PHONE:
            break
        if _is_phone(plus, joined):
            size = number
    return (size, "phone") if size else (1, "")


# Letters and digits.

_LIVES: Final = pattern(r"\b(?:post ?code|address|addressed|lives?|lived|living|resid\w{1,8}|home is)\b")
_VEHICLES: Final = frozenset(
    listed("reg registration vehicle car van plate plates vrm index hatchback saloon estate motorbike moped taxi")
)
_VEHICLE: Final = pattern(rf"\b(?:{'|'.join(sorted(_VEHICLES))})\b")
_INWARD: Final = pattern(r"\d[abd-hjlnp-uw-z]{2}(?!\w)", re.IGNORECASE)
_OUTWARD: Final = pattern(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)[ \t.\-]{0,3}\Z", re.IGNORECASE)
_COUNTED: Final = frozenset({"st", "nd", "rd", "th", "hr", "yr", "gb", "tb"})
"""What makes `S1 2nd` and `D1 5gb` of a code and a number."""
_GAP: Final = " \t.-"
_TWO_LETTERS: Final = r"\d(?:(?<=(?<!\w)[a-z]{2}\d)|(?<=(?<!\w)[a-z]{2}[ \t.\-]\d)|(?<=(?<!\w)[a-z]{2}[ \t.\-]{2}\d))"
_INSURANCE: Final = pattern(rf"{_TWO_LETTERS}\d(?:[ \t.\-]{{0,2}}\d\d){{2}}[ \t.\-]{{0,2}}[a-d](?!\w)", re.IGNORECASE)
_REGISTRATION: Final = pattern(r"\d(?<=(?<!\w)[a-z]{2}\d)\d([ \t\-]?)([a-z]{3})(?!\w)", re.IGNORECASE)
_OLD_REGISTRATION: Final = pattern(
    r"(?<!\w)(?:[a-z]\d{1,3}[ \t]?([a-z]{3})|([a-z]{3})[ \t]?\d{1,3}[a-z]|([a-z]{1,3})[ \t]?\d{3,4})(?!\w)",
    re.IGNORECASE,
)
_LICENCE: Final = pattern(
    r"\d(?:(?<=(?<!\w)[a-z9]{5}\d)|(?<=(?<!\w)[a-z9]{5}[ \t\-]\d))\d{5}[ \t\-]?[a-z9]{2}\d?[ \t\-]?[a-z\d]{2}(?!\w)",
    re.IGNORECASE,
)
_IBAN: Final = pattern(
    r"\d(?<=(?<!\w)[a-z]{2}\d)\d(?>(?:[ \t]?[a-z\d]{4}){2,7})(?:[ \t]?[a-z\d]{1,4})?(?!\w)", re.IGNORECASE
)
_SLASHED: Final = pattern(r"(?<![\w/\-])\d{1,7}(?:/\d{1,7}){1,4}(?![\w/])")
_SLASH: Final = pattern(r"/(?<=\d/)\d")
_A_DATE: Final = pattern(rf"{_WRITTEN}|(?:19|20)\d\d/(?:19|20)\d\d")
_LEAST_SLASHED = 7
_BLANKS: Final = pattern(r"\s")
_TRIM: Final = ".,;:!?()[]{}\"'`"
_ISO_INSIDE: Final = pattern(rf"{ISO}|(?<!\d)\d\d:\d\d|T\d\d\Z")
_TOKEN: Final = pattern(r"[A-Za-z\d]+(?:[/_\-][A-Za-z\d]+)*")
_PARTS: Final = pattern(r"[/_\-]")
_LEAST_IN_TOKEN = 5
_INITIALS: Final = pattern(r"/(?:(?<=(?<![\w/])[A-Z]{2}/)|(?<=(?<![\w/])[A-Z]{3}/))\d{1,3}(?![\w/])")
_GRID: Final = pattern(r"(?<!\w)[A-Z]{2}[ \t]?\d{3,5}[ \t]?\d{3,5}(?!\w)")
_GRIDS: Final = pattern(r"\b(?:grid|os|map)\b")
OFFICERS: Final = frozenset({"collar", "shoulder", "epaulette", "warrant"})
_OFFICER: Final = pattern(
    r"(?>(?: (?:no|number|num|id|is|was))*)[ .:#]{1,3}(?:[a-z]{1,2})?(\d{3,6})(?![\w\-:])", re.IGNORECASE
)
RANKS: Final = ("PC", "WPC", "DC", "PS", "DS", "PCSO", "SC")
_RANKED: Final = pattern(r"[ \t](\d{3,5})(?![\w\-:])")


def postcodes(text: str) -> Iterator[Hit]:
    """Postcodes, save what a code and a number make."""
    for found in _INWARD.finditer(text):
        before = _OUTWARD.search(text, max(0, found.start() - 8), found.start())
        if before is None:
            continue
        inward = found[0]
        is_code = CODE.fullmatch(before[1]) and inward == inward.lower()
        if (inward[1:].lower() in _COUNTED or is_code) and not near(_LIVES, text, before.start()):
            continue
        yield Hit(before.start(), found.end(), "postcode")


def insurance_numbers(text: str) -> Iterator[Hit]:
    """National Insurance numbers."""
    for found in _INSURANCE.finditer(text):
        gap = text[found.start() - 2 : found.start()]
        yield Hit(found.start() - 2 - (len(gap) - len(gap.rstrip(_GAP))), found.end(), "national-insurance")


def registrations(text: str) -> Iterator[Hit]:
    """Vehicle registrations of today's form, which need no word beside them."""
    for found in _REGISTRATION.finditer(text):
        if not (found[1] and _is_a_word(found[2])) or near(_VEHICLE, text, found.start()):
            yield Hit(found.start() - 2, found.end(), "registration")


def old_registrations(text: str) -> Iterator[Hit]:
    """Vehicle registrations of older forms: any code looks like one, so that a vehicle must be spoken of."""
    for found in _OLD_REGISTRATION.finditer(text):
        letters = found[1] or found[2] or found[3]
        if not _is_a_word(letters) and near(_VEHICLE, text, found.start()):
            yield Hit(found.start(), found.end(), "registration")


def _is_a_word(letters: str) -> bool:
    return letters.lower() in trade_words() or is_english(letters.lower())


def licences(text: str) -> Iterator[Hit]:
    """Driving licences."""
    return (Hit(found.start(), found.end(), "driving-licence") for found in _LICENCE.finditer(text))


def accounts(text: str) -> Iterator[Hit]:
    """International bank accounts whose check digits are right, or that are called so."""
    for found in _IBAN.finditer(text):
        at = found.start() - 2
        if is_iban(_BLANKS.sub("", text[at : found.end()])) or "iban" in text[max(0, at - BEFORE) : at].lower():
            yield Hit(at, found.end(), "iban")


def slashed(text: str) -> Iterator[Hit]:
    """Numbers with strokes in them, such as crime references."""
    if not _SLASH.search(text):
        return
    for found in _SLASHED.finditer(text):
        strokes = found[0].count("/")
        digits = len(found[0]) - strokes
        if digits >= _LEAST_SLASHED - (strokes > 1) and not _A_DATE.fullmatch(found[0]):
            yield Hit(found.start(), found.end(), "reference")


def tokens(text: str) -> Iterator[Hit]:
    """Words of letters and many digits, as registers number their records."""
    for token in {word.strip(_TRIM) for word in text.split() if len(word) > _LEAST_IN_TOKEN and not word.isalpha()}:
        for part in _TOKEN.findall(token) if _BEGINS.search(token) else ():
            if _is_record(part):
                yield from _all(text, part)


def _is_record(token: str) -> bool:
    if len(token) <= _LEAST_IN_TOKEN:
        return False
    rest = _ISO_INSIDE.sub("", token)
    parts = [part for part in _PARTS.split(rest) if not _YEAR.fullmatch(part)]
    digits = sum(character.isdigit() for part in parts for character in part)
    return digits >= _LEAST_IN_TOKEN and any(character.isalpha() for character in rest)


def _all(text: str, token: str) -> Iterator[Hit]:
    at = text.find(token)
    while at >= 0:
        yield Hit(at, at + len(token), "reference")
        at = text.find(token, at + len(token))


def labels(text: str) -> Iterator[Hit]:
    """Labels of exhibits that are made of initials."""
    for found in _INITIALS.finditer(text):
        yield Hit(found.start() - 2, found.end(), "exhibit-label")


def grids(text: str) -> Iterator[Hit]:
    """References of a map's grid."""
    for found in _GRID.finditer(text):
        if near(_GRIDS, text, found.start()):
            yield Hit(found.start(), found.end(), "coordinates")


def collars(text: str) -> Iterator[Hit]:
    """Numbers of officers, after what such a number is called."""
    for at, end in each(text.lower(), OFFICERS):
        found = _OFFICER.match(text, end)
        if found:
            yield Hit(at, found.end(), "collar-number")


def ranked(text: str) -> Iterator[Hit]:
    """Numbers of officers, after their rank."""
    for at, end in each(text, RANKS):
        found = _RANKED.match(text, end)
        if found and not _YEAR.fullmatch(found[1]):
            yield Hit(at, found.end(), "collar-number")


VEHICLES: Final = _VEHICLES
