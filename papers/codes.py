"""Verification codes: 95 bits of chance and one check character, in groups of four.

Crockford's base 32 leaves out I, L, O and U, so a code can be read over the telephone. The
check character is a weighted sum over the field of 32 elements: every single wrong character
and every exchange of two characters is noticed, so a slip of the finger finds no other paper.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN = 19  # characters of chance: 95 bits
LENGTH = DRAWN + 1
FIELD = 0b100101  # x^5 + x^2 + 1, whose root has order 31
READ_AS = str.maketrans("OIL", "011", "- \u3000\t\r\n")


def draw_code() -> str:
    """A new code, without its hyphens."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return drawn + _check_character(drawn)


def read_code(typed: str) -> str | None:
    """The code somebody typed, whatever its case, hyphens, spaces and O for 0; else None."""
    code = typed[: 4 * LENGTH].upper().translate(READ_AS)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return code if code[-1] == _check_character(code[:-1]) else None


def show_code(code: str) -> str:
    """The code as it is printed: XXXX-XXXX-XXXX-XXXX-XXXX."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def _check_character(drawn: str) -> str:
    total, weight = 0, 1
    for character in reversed(drawn):
        weight = _times(weight, 2)
        total ^= _times(weight, ALPHABET.index(character))
    return ALPHABET[total]


def _times(left: int, right: int) -> int:
    product = 0
    for bit in range(5):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= FIELD << (bit - 5)
    return product
