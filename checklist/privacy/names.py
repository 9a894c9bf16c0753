"""Names of people, by what they are and by what stands beside them; and the words that may be names for all one knows."""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Final, NamedTuple

from checklist.later import pattern
from checklist.privacy.kinds import Hit, listed
from checklist.privacy.words import WORD, each, given_names, is_english, is_ordinary, is_short_code

_TITLES: Final = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "sir", "dame", "lord"]
)
_RANKS: Final = frozenset(
    listed("PC WPC DC PS DS DI DCI DSU PCSO Sgt Sergeant Insp Inspector Constable Supt Superintendent Cllr Judge Nurse")
)
"""As they are written before a name: in small letters they are roles."""
_BEFORE_NAMES: Final = _RANKS | {form for title in _TITLES for form in (title, title.capitalize(), title.upper())}
_TITLED: Final = pattern(r"\.?[ \t]{0,2}[^\W\d_]{2}")
_KIN: Final = frozenset(
    listed(
        "mother mum mam mummy father dad daddy stepfather stepmother stepdad stepmum parent parents brother "
        "sister brothers sisters stepbrother stepsister sibling siblings aunt auntie aunty uncle gran granny "
        "nan nana grandma grandmother grandad grandpa grandfather grandparents cousin son daughter sons "
        "daughters niece nephew partner boyfriend girlfriend wife husband ex fiance fiancee carer carers "
        "childminder neighbour friend friends teacher headteacher coach tutor lodger landlord victim suspect "
        "witness complainant child baby girl boy twin officer sergeant inspector constable superintendent "
        "worker doctor nurse midwife solicitor interpreter intermediary pupil student caller called named "
        "known named alias aka name surname forename nickname nicknamed"
    )
)
_BETWEEN: Final = pattern(r"[ \t]{1,2}|[ \t]?[,:(=\-]{1,2}[ \t]?|\. ?")
_LINKS: Final = frozenset(["is", "was", "are", "were", "called", "named", "as", "and"])
_SPACE: Final = pattern(r"[ \t]{1,2}|-")
_AFTER_A_CODE: Final = pattern(r"-?\d{1,3}[ \t]?[=(]?[ \t]?")
_INITIAL: Final = pattern(r"\.?[ \t]?")
_SURELY_NAMES: Final = frozenset(
    listed(
        "john harry jimmy billy bobby peter martin maria tony terry josh derrick phoebe roger jack tom ken sally brad"
    )
)
"""English words that nobody writes with a capital unless they are names."""
_SELDOM_NAMES: Final = frozenset(
    listed(
        "may june april august summer autumn christian will bill dean mark hope faith grant chase may max "
        "dale charity roman trinity pearl"
    )
)
"""Names that stand with a capital inside a sentence for other reasons too."""
_ONLY_PEOPLE: Final = frozenset(
    listed(
        "said says told refused disclosed denied stated lives lived cried alleged texted replied confirmed "
        "admitted thinks thought felt wants wanted spoke attended arrived aged declined"
    )
)
_DONE_TO_PEOPLE: Final = frozenset(
    listed("seen arrested interviewed spoken asked told born frightened upset missing found questioned charged bailed")
)
_BLANKS = 8
"""Blanks before a word at most, inside a sentence."""
_SENTENCE_ENDS: Final = frozenset(".!?:;#-\"'([{|>=•*/")
# Laws, protocols and charities that are called after somebody.
_PUBLIC: Final = pattern(
    r"\b(?:(?:Clare|Claire|Sarah|Megan|Martha|Jessica|Harper|Lillie|Helen)'?s (?:Law|Rule)|Lucy Faithfull(?: Foundation)?|Marie Collins(?: Foundation)?|"
    r"(?:Herbert|Philomena) [Pp]rotocol|Fraser (?:[Gg]uidelines?|[Cc]ompeten(?:t|ce|cy))|Gillick|Victoria Climbie|Barnardo'?s?|NSPCC|"
    r"Operation (?:Encompass|Hydrant))"
)


_BLOT = "\x00"


def _blotted(found: re.Match[str]) -> str:
    return _BLOT * len(found[0])


class Kind(NamedTuple):
    """What is known of a word by itself."""

    is_strange: bool = False
    """Neither English nor of the field."""
    is_name: bool = False
    """A given name, and no ordinary word that is written so."""
    may_be_name: bool = False
    """A given name, and an ordinary word."""


class Token(NamedTuple):
    """A word of a line and what is known of it."""

    text: str
    start: int
    end: int
    kind: Kind
    is_titled: bool
    """Whether it begins as a name does: a capital, then a small letter or an apostrophe."""

    @property
    def is_like_a_name(self) -> bool:
        """Whether it could be one, for all that it is."""
        return self.kind.is_name or (self.is_titled and (self.kind.is_strange or self.kind.may_be_name))


_NOTHING: Final = Kind()


def suspects(words: Set[str], text: str, known: frozenset[str]) -> dict[str, Kind]:
    """The words of a text that are strange, given names, or titles before a capital: without any of them no name is in it.

    Args:
        words: the distinct words of the text, as they are written.
        text: the text.
        known: the words of the rulebook and of the field.
    """
    found = {text[at:end]: _NOTHING for at, end in each(text, words & _BEFORE_NAMES) if _TITLED.match(text, end)}
    for word in words - known:  # what is known is in small letters
        if len(word) > 1:
            kind = _kind(word, known)
            if kind is not _NOTHING:
                found[word] = kind
    return found


def _kind(word: str, known: frozenset[str]) -> Kind:
    small = word.lower()
    ordinary = is_ordinary(word, known)
    if small.removesuffix("'s") not in given_names() and not _has_given_part(word):
        return _NOTHING if ordinary or is_short_code(word) else Kind(is_strange=True)
    if not ordinary or (small.removesuffix("'s") in _SURELY_NAMES and not word.isupper()):
        return Kind(is_strange=not ordinary, is_name=True)
    return _NOTHING if word == small else Kind(may_be_name=True)


def find(line: str, odd: Mapping[str, Kind], known: frozenset[str]) -> Iterator[Hit]:
    """The names in a line, and the words that may be some; what is certain comes first.

    Args:
        line: one line, or a text without line ends.
        odd: what `suspects` gave of the text.
        known: the words of the rulebook and of the field.
    """
    found = [(match.group(), *match.span()) for match in WORD.finditer(line)]
    if not any(word in odd for word, _, _ in found):
        return
    # What is called after somebody is blotted out, so that no place changes.
    line = _PUBLIC.sub(_blotted, line)
    tokens = [
        Token(word, at, end, odd.get(word, _NOTHING), word[:1].isupper() and not word.isupper())
        for word, at, end in found
        if line[at] != _BLOT
    ]
    for number, token in enumerate(tokens):
        detector = _name(line, tokens, number, known)
        if detector:
            yield Hit(token.start, token.end, detector)
    for number, token in enumerate(tokens):
        if token.kind is _NOTHING:
            continue
        if token.kind.is_strange and not _is_joined(line, tokens, number):
            yield Hit(token.start, token.end, "unknown-word")
        elif token.kind.may_be_name and token.is_titled and _is_inside_a_sentence(line, token):
            yield Hit(token.start, token.end, "doubtful-name")


_CAMEL: Final = pattern(r"[A-Z][a-z']+")


def _has_given_part(text: str) -> bool:
    """Whether a word written together, such as `NameSurname`, or with an apostrophe, holds a given name."""
    if text == text.capitalize() or text.isupper() or text.islower():
        return False
    return any(part.lower() in given_names() and not is_english(part.lower()) for part in _CAMEL.findall(text))


def _name(line: str, tokens: list[Token], number: int, known: frozenset[str]) -> str:
    """Which detector takes this word for a name; empty for none."""
    token = tokens[number]
    before = tokens[number - 1] if number else None
    after = tokens[number + 1] if number + 1 < len(tokens) else None
    if before is not None and before.text in _BEFORE_NAMES and _follows_a_title(line, before, token, known):
        return "titled-name"
    if token.kind.is_name:
        return "given-name"
    if not token.is_titled or not (token.kind.is_strange or token.kind.may_be_name):
        return ""
    if _follows_kin(line, tokens, number):
        return "kin-name"
    if before is not None and _is_second_part(line, before, token):
        return "full-name"
    if after is not None and _is_first_part(line, token, after, tokens[number + 2 : number + 3]):
        return "full-name"
    return ""


def _follows_a_title(line: str, before: Token, token: Token, known: frozenset[str]) -> bool:
    gap = line[before.end : token.start]
    if gap not in (" ", ". ", ".", "  ") or len(token.text) < 2:
        return False
    small = token.text.lower()
    if before.text.lower() in _TITLES:
        if before.text == before.text.lower() or before.text.lower() in ("miss", "lord", "dame", "sir"):
            return (
                token.kind.is_strange
                or token.kind.is_name
                or (token.is_titled and before.text != before.text.lower() and small not in known)
            )
        return token.is_titled or token.kind.is_strange
    return before.text in _RANKS and token.is_titled and not _is_of_the_field(token, known) and gap == " "


def _is_of_the_field(token: Token, known: frozenset[str]) -> bool:
    return not token.kind.is_strange and token.text.lower() in known


def _follows_kin(line: str, tokens: list[Token], number: int) -> bool:
    """Whether a word such as `mother`, or a code, stands just before it, with no more than `is` or `called` between."""
    token, at = tokens[number], number - 1
    if at >= 1 and tokens[at].text in _LINKS and _SPACE.fullmatch(line, tokens[at].end, token.start):
        at -= tokens[at].text not in _KIN
    if at < 0:
        return False
    gap = line[tokens[at].end : tokens[at + 1].start]
    if tokens[at].text.isupper() and _AFTER_A_CODE.fullmatch(gap):
        return token.kind.is_strange and (at < number - 1 or gap.strip()[-1] in "=(")
    if tokens[at].text.lower().removesuffix("'s") not in _KIN:
        return False
    # An ordinary word after a comma is more often just that.
    return (_BETWEEN if token.kind.is_strange else _SPACE).fullmatch(gap) is not None


def _is_second_part(line: str, before: Token, token: Token) -> bool:
    gap = line[before.end : token.start]
    if len(before.text) == 1 and before.text.isupper() and _INITIAL.fullmatch(gap):
        return token.kind.is_strange
    return (
        _SPACE.fullmatch(gap) is not None and before.is_like_a_name and (token.kind.is_strange or before.kind.is_name)
    )


def _is_first_part(line: str, token: Token, after: Token, more: list[Token]) -> bool:
    gap = line[token.end : after.start]
    if _SPACE.fullmatch(gap) is None:
        return False
    if after.is_titled and after.kind.is_strange and (token.kind.is_strange or token.kind.may_be_name):
        return True
    if not token.kind.may_be_name or gap == "-":
        return False
    small = after.text.lower()
    if small in ("was", "is") and more:
        return more[0].text.lower() in _DONE_TO_PEOPLE and after.text == small
    return small in _ONLY_PEOPLE and after.text == small


def _is_joined(line: str, tokens: list[Token], number: int) -> bool:
    """Whether it is the second half of a word with a hyphen, such as `co-ordinated`."""
    token = tokens[number]
    if not number or line[token.start - 1 : token.start] != "-" or tokens[number - 1].end != token.start - 1:
        return False
    return is_english((tokens[number - 1].text + token.text).lower())


def _is_inside_a_sentence(line: str, token: Token) -> bool:
    if token.text.lower().removesuffix("'s") in _SELDOM_NAMES:
        return False
    before = line[max(0, token.start - _BLANKS) : token.start].rstrip()
    return bool(before) and before[-1] not in _SENTENCE_ENDS
