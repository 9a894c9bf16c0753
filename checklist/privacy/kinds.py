"""What the guard can suspect, how sure that is, and what would be right instead."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from checklist.later import dataclass


def listed(words: str) -> tuple[str, ...]:
    """The words of a text: a list of many that can still be read."""
    return tuple(words.split())


class Level(StrEnum):
    """How directly a thing found would identify somebody."""

    IDENTIFIER = "identifier"
    """A number, an address, an account, an organisation: an error."""
    NAME = "name"
    """A name of a person: an error."""
    WORD = "word"
    """A word outside the closed vocabulary, or what makes a case stand out: a warning, unless the guard is strict."""


Span = tuple[int, int]
"""Where a thing found begins in a text, and where it ends."""


class Hit(NamedTuple):
    """Where something stands in a text, and which detector found it."""

    start: int
    end: int
    detector: str


Finder = Callable[[str], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of thing that is looked for.

    Attributes:
        name: How excuses call it.
        says: What it suspects, as a noun phrase: `an NHS number`.
        level: How directly that identifies somebody.
        hint: What would be right instead.
        find: Where such things stand in a text; None for our own, which are found together.
    """

    name: str
    says: str
    level: Level = Level.IDENTIFIER
    hint: str = "leave it out"
    find: Callable[[str], Iterable[Span]] | None = None


_PERSON = "write a code in its place, such as C1, S1 or `detective sergeant@police`"
_PLACE = "write what kind of place it is, such as home or school"
_OUT = "leave it out: no rule asks for it"
_PLAINER = "write it in plainer words, or a code; if it is an ordinary word, have the place excused"

OURS: Final = {
    detector.name: detector
    for detector in (
        Detector("nhs-number", "an NHS number", hint=_OUT),
        Detector("national-insurance", "a National Insurance number", hint=_OUT),
        Detector("phone", "a phone number", hint=_OUT),
        Detector(
            "long-number",
            "a number of eight digits or more",
            hint="leave it out: numbers that long belong to one thing",
        ),
        Detector("email", "an e-mail address", hint="write the role and the agency: `social worker@social care`"),
        Detector("handle", "a name on a social network", hint="write `online account`"),
        Detector("url", "a web address", hint="write what kind of site it is"),
        Detector("postcode", "a postcode", hint=_PLACE),
        Detector("address", "a street or a house", hint=_PLACE),
        Detector("coordinates", "coordinates of a place", hint=_PLACE),
        Detector("what3words", "a place in three words", hint=_PLACE),
        Detector("birth-date", "a date of birth", hint="write the age, in months under two"),
        Detector("registration", "a vehicle's registration", hint="write what kind of vehicle it is"),
        Detector("passport", "a passport number", hint=_OUT),
        Detector("driving-licence", "a driving licence number", hint=_OUT),
        Detector("bank", "a bank account", hint=_OUT),
        Detector("card", "a payment card", hint=_OUT),
        Detector("iban", "an international bank account number", hint=_OUT),
        Detector("ip-address", "an internet address of a device", hint="write `online account` or `device`"),
        Detector("device", "the number of a device", hint="write a code in its place, such as D1"),
        Detector(
            "reference",
            "a reference number of a record",
            hint="write `log 14` or `crime report`, counted in the file itself",
        ),
        Detector("collar-number", "a number of an officer", hint=_PERSON),
        Detector("organisation", "the name of a school, a surgery, a team or a newspaper", hint=_PLACE),
        Detector("field", "a field for what identifies somebody", hint=_OUT),
        Detector("titled-name", "a name after a title or a rank", Level.NAME, _PERSON),
        Detector("kin-name", "a name after a word for a relative or a role", Level.NAME, _PERSON),
        Detector("given-name", "a given name", Level.NAME, _PERSON),
        Detector("full-name", "a name in two parts, or after an initial", Level.NAME, _PERSON),
        Detector("unknown-word", "a word that is neither English nor of the field, as names are", Level.WORD, _PLAINER),
        Detector("doubtful-name", "a word that may be a name here", Level.WORD, _PLAINER),
        Detector("exhibit-label", "a label made of initials", Level.WORD, "write a code in its place, such as X1"),
        Detector("stands-out", "what there is only one of, or what was in the press", Level.WORD, _OUT),
    )
}
