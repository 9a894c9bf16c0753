"""Addresses of the internet and of the map: each pattern begins at the sign that such an address cannot lack."""

import re
from collections.abc import Iterator
from typing import Final

from checklist.later import pattern
from checklist.privacy.kinds import Hit, listed
from checklist.privacy.numbers import CODE, near
from checklist.privacy.words import each

_EMAIL: Final = pattern(r"@(?<=[\w.+\-]@)[a-z\d\-]{1,63}\.[a-z]{2}", re.IGNORECASE)
_BRACKETED: Final = pattern(r"[\[({][ \t]?(?:at|@)[ \t]?[\])}]", re.IGNORECASE)
_SPELT: Final = pattern(r"at \w{1,40}(?:[ .]\w{1,40})? dot (?:com|co|org|net|uk)\b", re.IGNORECASE)
_HANDLE: Final = pattern(r"@(?<![\w.@/]@)[a-z_][\w.]{2,30}", re.IGNORECASE)
_TAG: Final = pattern(r"#(?<=\w\w#)\d{4}(?!\w)")
_URL: Final = pattern(r"(?<!\w)(?:https?://|www\.)([^\s\"'<>)\]}/:?#]{1,253})[^\s\"'<>)\]}]*+", re.IGNORECASE)
_BARE: Final = pattern(r"\.(?<=\w\.)(?:com|co\.uk|org|net|me|tv|gg|io)/[\w@]", re.IGNORECASE)
_PUBLIC: Final = ("gov.uk", "nhs.uk", "police.uk", "parliament.uk", "judiciary.uk", "nspcc.org.uk", "childline.org.uk")
_DOTTED: Final = pattern(r"\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w]|\.\d)")
_NUMBERED: Final = pattern(
    r"\b(?:version|clause|rule|section|para|paragraph|chapter|step|action|item|part|v|ver|release)s?\W{0,3}$"
)
_COLONS: Final = pattern(r":(?::|[\da-f]{1,4}:[\da-f]{1,4}:[\da-f])", re.IGNORECASE)
_IPV6: Final = pattern(r"(?<![\w:.])[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?![\w:])", re.IGNORECASE)
_DASHES: Final = pattern(r"-[\da-f]{2}-[\da-f]{2}-[\da-f]{2}-", re.IGNORECASE)
_MAC: Final = pattern(r"(?<![\w:\-])[\da-f]{2}(?:[:\-][\da-f]{2}){5}(?![\w:\-])", re.IGNORECASE)
_DEGREES: Final = pattern(r"\.\d{3,15}[ \t]?[NS]?[ \t,;/]{1,3}[+-]?\d{1,3}\.\d{3,15}", re.IGNORECASE)
_MINUTES: Final = pattern(r"°[ \t]?\d{1,3}(?:['.]|[ \t]?[NSEW]\b)|\d°")
_THREE_WORDS: Final = pattern(r"///[a-z]{2,20}\.[a-z]{2,20}\.[a-z]{2,20}", re.IGNORECASE)
_CALLED_THREE_WORDS: Final = pattern(
    r"\b(?:what3words|w3w|three words)\b[^\w\n]{0,4}(?:\w{1,10}[^\w\n]{1,3}){0,2}[a-z]{2,20}\.[a-z]{2,20}\.[a-z]{2,20}",
    re.IGNORECASE,
)
NETWORKS: Final = frozenset(
    listed(
        "snapchat snap instagram insta tiktok discord telegram kik xbox psn playstation roblox fortnite "
        "twitch twitter facebook whatsapp skype steam gamertag gamer username user handle profile screenname "
        "login nickname"
    )
)
_ACCOUNT: Final = pattern(
    r"(?:(?: (?:name|tag|id|user|username|account|handle|profile|is|was|called|named|as)){0,3}[ \t:=]{1,3}|[ \t]?[:=][ \t]?)"
    r"[\"']?([A-Za-z_][\w.\-]{2,31})",
    re.IGNORECASE,
)
_MOST_BYTE = 255


def emails(text: str) -> Iterator[Hit]:
    """E-mail addresses."""
    return (Hit(found.start(), found.end(), "email") for found in _EMAIL.finditer(text))


def veiled_emails(text: str) -> Iterator[Hit]:
    """E-mail addresses with `(at)` in them."""
    return (Hit(found.start(), found.end(), "email") for found in _BRACKETED.finditer(text))


def spelt_emails(text: str) -> Iterator[Hit]:
    """E-mail addresses written as they are spoken."""
    return (Hit(found.start(), found.end(), "email") for found in _SPELT.finditer(text))


def handles(text: str) -> Iterator[Hit]:
    """Names that begin with `@`."""
    return (Hit(found.start(), found.end(), "handle") for found in _HANDLE.finditer(text))


def tags(text: str) -> Iterator[Hit]:
    """Names that end in `#` and four digits."""
    return (Hit(found.start() - 2, found.end(), "handle") for found in _TAG.finditer(text))


def network_names(text: str) -> Iterator[Hit]:
    """What stands after the word for a network or an account and is no ordinary word."""
    for _, end in each(text.lower(), NETWORKS):
        found = _ACCOUNT.match(text, end)
        if found and _is_made_up(found[1].rstrip(".-")):
            yield Hit(found.start(1), found.end(1), "handle")


def _is_made_up(name: str) -> bool:
    return any(sign.isdigit() or sign in "_." for sign in name) and not CODE.fullmatch(name)


def urls(text: str) -> Iterator[Hit]:
    """Addresses on the web, save those of public bodies."""
    if "://" in text or "www." in text.lower():
        for found in _URL.finditer(text):
            host = found[1].lower()
            if not any(host == public or host.endswith(f".{public}") for public in _PUBLIC):
                yield Hit(found.start(), found.end(), "url")
    for found in _BARE.finditer(text):
        if "://" not in text[max(0, found.start() - 64) : found.start()]:
            yield Hit(found.start(), found.end(), "url")


def addresses(text: str) -> Iterator[Hit]:
    """Internet addresses of four numbers, save numbers of clauses and versions."""
    for found in _DOTTED.finditer(text):
        at = found.start()
        while at > found.start() - 3 and text[at - 1 : at].isdigit():
            at -= 1
        first = text[at : found.start()]
        if not first or (at and (text[at - 1].isalnum() or text[at - 1] in "._")):
            continue
        if all(int(number) <= _MOST_BYTE for number in (first, *found[0].split(".")[1:])) and not near(
            _NUMBERED, text, at
        ):
            yield Hit(at, found.end(), "ip-address")


def longer_addresses(text: str) -> Iterator[Hit]:
    """Internet addresses of eight numbers, and addresses of network cards."""
    if _COLONS.search(text):
        yield from (Hit(*found.span(), "ip-address") for found in _IPV6.finditer(text) if _is_ipv6(found[0]))
    elif not _DASHES.search(text):
        return
    yield from (Hit(*found.span(), "device") for found in _MAC.finditer(text))


def _is_ipv6(text: str) -> bool:
    from ipaddress import AddressValueError, IPv6Address  # noqa: PLC0415 - slow to import, and seldom wanted

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return sum(map(bool, text.split(":"))) > 1


def coordinates(text: str) -> Iterator[Hit]:
    """Two decimal numbers that say where on Earth."""
    return (Hit(max(0, found.start() - 2), found.end(), "coordinates") for found in _DEGREES.finditer(text))


def degrees(text: str) -> Iterator[Hit]:
    """Degrees and minutes."""
    return (Hit(found.start(), found.end(), "coordinates") for found in _MINUTES.finditer(text))


def three_words(text: str) -> Iterator[Hit]:
    """Places in three words behind three strokes."""
    return (Hit(found.start(), found.end(), "what3words") for found in _THREE_WORDS.finditer(text))


def called_three_words(text: str) -> Iterator[Hit]:
    """Places in three words that are called so."""
    return (Hit(found.start(), found.end(), "what3words") for found in _CALLED_THREE_WORDS.finditer(text))
