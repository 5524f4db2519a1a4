"""The digits a person entrusts to the desk, for one try and no more.

Three wrong PINs lock a card, and only the municipality can unlock it, which after a disaster may
be shut for weeks. So a secret here is a thing that can be *spent*: it yields its digits once, to
the one VERIFY that may carry them, and is overwritten with zeros. A second try needs a second
secret, and so a second decision by the person whose card it is.

Digits are checked before anything is sent, are never converted to a number (a PIN may begin with
0), and appear in no repr, log or exception. Python and the operating system may still have copied
them on their way in; handing in a bytearray, which is overwritten here, keeps that to a minimum.

It refuses to know cards and commands.
"""

from __future__ import annotations

from typing import ClassVar, Final, Literal, NoReturn, Self, TypeAlias

from card_reader.errors import CardError

Digits: TypeAlias = str | bytes | bytearray
SecretKind: TypeAlias = Literal["pin", "code_b"]

_ASCII_DIGITS: Final = b"0123456789"


def wipe(digits: bytearray) -> None:
    """Overwrite `digits` with zeros, in place."""
    digits[:] = bytes(len(digits))


class Secret:
    """Digits that can be spent once. Made as `Pin` or `CodeB`; use as a context to be sure of wiping."""

    kind: ClassVar[SecretKind]
    __slots__ = ("_digits",)

    def __init__(self, digits: bytearray) -> None:
        # A list of one, because list.pop is a single step even between threads: two readers that
        # share a secret by mistake cannot both take it.
        self._digits = [digits]

    @property
    def spent(self) -> bool:
        """Whether the digits are gone: sent once, or forgotten."""
        return not self._digits

    def spend(self) -> bytearray:
        """Give the digits up, to be sent now and wiped by the caller right after.

        Raises:
            CardError: `bad_secret_format` when they were spent before; they must be asked for anew.
        """
        try:
            return self._digits.pop()
        except IndexError:
            raise used_up() from None

    def forget(self) -> None:
        """Wipe the digits without sending them. Harmless when they are gone already."""
        while self._digits:
            wipe(self._digits.pop())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {'spent' if self.spent else 'not spent'}>"

    def __reduce__(self) -> NoReturn:
        # Covers copy, deepcopy and pickle: a copy would be a second try.
        raise TypeError("a secret cannot be copied")


class Pin(Secret):
    """The four-digit PIN of 券面事項入力補助 (three tries in all)."""

    kind = "pin"
    __slots__ = ()

    def __init__(self, digits: Digits) -> None:
        super().__init__(_checked(digits, 4))


class CodeB(Secret):
    """照合番号B, from what is printed on the card (ten tries): the way for people without a PIN.

    Fourteen digits: birth YYMMDD as printed (`printed_birth` tells the forms), expiry YYYY, security
    code. The expiry year is read from the card itself unless it is given, so nobody has to type it.
    """

    kind = "code_b"
    __slots__ = ("_expiry_given",)

    def __init__(self, birth: Digits, security_code: Digits, *, expiry_year: Digits | None = None) -> None:
        # Of its final size from the start: a bytearray that grows moves, and leaves its digits behind.
        code = bytearray(14)
        try:
            for start, part, size in ((0, birth, 6), (6, expiry_year, 4), (10, security_code, 4)):
                if part is not None:
                    checked = _checked(part, size)
                    code[start : start + size] = checked
                    wipe(checked)
        except CardError:
            wipe(code)
            raise
        super().__init__(code)
        self._expiry_given = expiry_year is not None

    @classmethod
    def from_digits(cls, digits: Digits) -> Self:
        """Make it from all fourteen digits."""
        whole = _checked(digits, 14)
        made = cls(whole[:6], whole[10:], expiry_year=whole[6:10])
        wipe(whole)
        return made

    @property
    def needs_expiry(self) -> bool:
        """Whether the expiry year must be read from the card before this can be spent."""
        return not self._expiry_given

    def fill_expiry(self, year: bytes) -> None:
        """Put in the expiry year that the card just told, four ASCII digits.

        Raises:
            CardError: `bad_secret_format` when the secret is spent.
        """
        if self.spent:
            raise used_up()
        self._digits[0][6:10] = year


def used_up() -> CardError:
    """Make the error for a secret that has been spent already."""
    return CardError("bad_secret_format", "this secret was used already and must be entered again")


def _checked(digits: Digits, length: int) -> bytearray:
    """Copy `digits` if they are `length` ASCII digits; a bytearray handed in is wiped either way."""
    # Full-width digits are digits to str.isdigit but not to a card; .encode would put the secret
    # into a UnicodeEncodeError, so ask first.
    good = len(digits) == length and (not isinstance(digits, str) or digits.isascii())
    checked = bytearray(digits.encode() if isinstance(digits, str) else digits) if good else bytearray()
    if isinstance(digits, bytearray):
        wipe(digits)
    if not good or any(digit not in _ASCII_DIGITS for digit in checked):
        wipe(checked)
        raise CardError("bad_secret_format", f"expected exactly {length} digits 0-9")
    return checked
