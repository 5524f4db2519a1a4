"""PC/SC's result codes become ours; what a real service does is in tests/contracts."""

import pytest
from smartcard import scard

from card_reader.pcsc import _code


@pytest.mark.parametrize(
    ("result", "opening", "sending"),
    [
        (scard.SCARD_E_NO_SMARTCARD, "no_card", "card_removed"),
        (scard.SCARD_W_REMOVED_CARD, "no_card", "card_removed"),
        (scard.SCARD_W_RESET_CARD, "card_removed", "card_removed"),
        (scard.SCARD_W_UNRESPONSIVE_CARD, "card_removed", "card_removed"),
        (scard.SCARD_E_NOT_TRANSACTED, "card_removed", "card_removed"),
        (scard.SCARD_E_SHARING_VIOLATION, "reader_lost", "reader_lost"),
        (scard.SCARD_E_READER_UNAVAILABLE, "reader_lost", "reader_lost"),
        (scard.SCARD_E_NO_SERVICE, "reader_lost", "reader_lost"),
        (scard.SCARD_E_INVALID_HANDLE, "reader_lost", "reader_lost"),
        (scard.SCARD_E_TIMEOUT, "timeout", "timeout"),
        (0x80100099, "card_removed", "card_removed"),
    ],
)
def test_every_result_has_a_code(result, opening, sending):
    """A missing card is no_card at the door and card_removed in the conversation."""
    assert (_code(result, opening=True), _code(result, opening=False)) == (opening, sending)
