"""Check digits: what tells a number of a register from any other of its length."""

from typing import Final

from checklist.later import pattern

_IBAN: Final = pattern(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_NHS_DIGITS = 10


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (modulus 11)."""
    if len(digits) != _NHS_DIGITS or digits == digits[0] * _NHS_DIGITS:
        return False
    check = -sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return str(check) == digits[-1]


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit that Luhn's algorithm gives, as on payment cards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 * (number > 9)
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a text without blanks is an international bank account number (modulus 97)."""
    text = text.upper()
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1
