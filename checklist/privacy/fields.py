"""What the fields of a case file say about a place in it: codes are exempt where the vocabulary puts codes, and nowhere else."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import field
from typing import Final

from checklist.later import dataclass, pattern
from checklist.privacy.kinds import listed
from checklist.source import Mapping, Node, Scalar, Sequence
from checklist.vocabulary import BUILT_IN_DATES, CASE, FactKind, FactType, Vocabulary

_CODE: Final = pattern(r"[A-Z]{1,3}-?\d{1,3}[a-z]?(?:/[A-Z]{1,3}-?\d{1,3}[a-z]?)*|case")
_COUNT: Final = pattern(r"\d{1,4}(?: [a-z]{1,10}){0,2}|\d{1,4} of \d{1,4}")
_OF_A_CASE: Final = frozenset({"reference", "unknown-word", "exhibit-label", "registration"})
"""What the name of a case is not asked about: it is a code of the reviewer's own."""

REFUSED: Final = {
    "name": "give the person a ref, such as C1, and no name",
    "birth": "write the age, in months under two",
    "place": "leave it out, or write what kind of place it is",
    "contact": "leave it out: no rule asks for it",
    "number": "leave it out: no rule asks for it",
    "school": "leave it out, or write `school` where the vocabulary asks what kind of place",
}
_REFUSED_KEYS: Final = {
    **dict.fromkeys(
        listed(
            "name names surname forename firstname lastname fullname full_name first_name last_name family_name "
            "given_name middle_name child_name victim_name suspect_name alias aliases aka nickname initials "
            "maiden_name mother_name father_name"
        ),
        "name",
    ),
    **dict.fromkeys(["dob", "d_o_b", "date_of_birth", "birth_date", "birthdate", "birthday", "born", "birth"], "birth"),
    **dict.fromkeys(
        listed(
            "address addresses home_address street road town city village postcode post_code zip coordinates "
            "latitude longitude lat lon lng house_number what3words w3w hometown birthplace place_of_birth"
        ),
        "place",
    ),
    **dict.fromkeys(
        listed(
            "phone phones phone_number telephone tel mobile mobile_number email e_mail email_address handle "
            "username user_name snapchat instagram facebook tiktok whatsapp discord gamertag url website ip "
            "ip_address"
        ),
        "contact",
    ),
    **dict.fromkeys(
        listed(
            "nhs nhs_number nhs_no ni ni_number nino national_insurance passport passport_number driving_licence "
            "licence_number urn upn uln crime_number crime_reference crime_ref crime_no collar_number collar_no "
            "warrant_number registration vrm reg number_plate imei account_number sort_code iban pnc_id "
            "case_number custody_number custody_reference cad cad_number"
        ),
        "number",
    ),
    **dict.fromkeys(
        listed(
            "school school_name nursery nursery_name college hospital_name surgery gp_name employer workplace "
            "church team club"
        ),
        "school",
    ),
}


def refused(key: str) -> str:
    """What a key that no case may have would hold, as `REFUSED` calls it; empty for any other key."""
    if len(key) > 40:
        return ""
    return _REFUSED_KEYS.get(re.sub(r"[\s\-_.]+", "_", key.strip().lower()), "")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a case file, and what the vocabulary makes of it."""

    path: str
    role: str
    """`code`, `case`, `date`, `option`, `count`, or `free`."""
    scalar: Scalar

    def exempts(self, detector: str) -> bool:
        """Whether a detector has no say here, since the vocabulary says what this is."""
        text = self.scalar.text
        match self.role:
            case "code":
                return _CODE.fullmatch(text) is not None
            case "case":
                return detector in _OF_A_CASE
            case "date":
                return detector == "birth-date"
            case "count":
                return _COUNT.fullmatch(text) is not None
            case "option":
                return True
            case _:
                return False


def _column(found: Field) -> int:
    return found.scalar.column


@dataclass(slots=True)
class Fields:
    """Every value of a case file by its line; built only once something was found."""

    vocabulary: Vocabulary
    by_line: dict[int, list[Field]] = field(default_factory=dict)

    def read(self, root: Node | None) -> "Fields":
        """Takes down every value under the root."""
        for found in self._top(root) if isinstance(root, Mapping) else self._inside(root, "", None, ""):
            self.by_line.setdefault(found.scalar.line, []).append(found)
        for line in self.by_line.values():
            line.sort(key=_column)
        return self

    def at(self, line: int, column: int) -> Field | None:
        """The value that a place is inside of, both counted from 1; None in comments and keys."""
        fields = self.by_line.get(line, [])
        at = bisect_right(fields, column, key=_column) - 1
        if at < 0:
            return None
        scalar = fields[at].scalar
        # Quotes are two characters more; a doubled quote or an escape only makes it longer.
        return fields[at] if column < scalar.column + len(scalar.text) + (0 if scalar.plain else 2) else None

    def _top(self, root: Mapping) -> Iterator[Field]:
        facts = self.vocabulary.kinds[CASE].facts
        for key, node in root.entries.items():
            kind = self.vocabulary.kind_written(key)
            if kind is not None:
                yield from self._things(node, key, kind.facts)
            elif key == "judgements":
                yield from self._things(node, key, {})
            else:
                yield from self._inside(node, key, facts.get(key), key)

    def _things(self, node: Node, path: str, facts: dict[str, FactType]) -> Iterator[Field]:
        items = list(enumerate(node.items)) if isinstance(node, Sequence) else [(0, node)]
        for number, item in items:
            here = f"{path}[{number}]" if isinstance(node, Sequence) else path
            if isinstance(item, Mapping):
                for key, inner in item.entries.items():
                    yield from self._inside(inner, f"{here}.{key}", facts.get(key), key)
            else:
                yield from self._inside(item, here, None, "")

    def _inside(self, node: Node | None, path: str, fact: FactType | None, key: str) -> Iterator[Field]:
        if isinstance(node, Scalar):
            yield Field(path, self._role(node, fact, key, path), node)
        elif isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                yield from self._inside(item, f"{path}[{number}]", fact, key)
        elif node is not None:
            for inner_key, inner in node.entries.items():
                part = fact.parts.get(inner_key) if fact is not None else None
                keeps = inner_key in (
                    "is",
                    "at",
                    "conflicting",
                    "from",
                    "until",
                    "count",
                    "at_least",
                    "at_most",
                    "done",
                )
                of = fact if part is None and keeps else part
                yield from self._inside(inner, f"{path}.{inner_key}", of, inner_key)

    def _role(self, scalar: Scalar, fact: FactType | None, key: str, path: str) -> str:
        if path == "case":
            return "case"
        if key in ("ref", "about", "subject") or (key == "rule" and path.startswith("judgements[")):
            return "code"
        if key in (*BUILT_IN_DATES, "at", "from", "until", "as_of", "day_0", "month"):
            return "date"
        if key in ("count", "at_least", "at_most"):
            return "count"
        if key == "reason" and scalar.text in self.vocabulary.reasons:
            return "option"
        return _role_of(fact, scalar.text) if fact is not None else "free"


def _role_of(fact: FactType, text: str) -> str:
    match fact.kind:
        case FactKind.DATE | FactKind.EVENT | FactKind.EVENTS:
            return "date"
        case FactKind.REFERENCE:
            return "code"
        case FactKind.COUNT | FactKind.AGE:
            return "count"
        case FactKind.CHOICE | FactKind.CHOICES:
            return "option" if text in fact.options else "free"
        case FactKind.YES_NO | FactKind.TEXT:
            return "free"
