"""The commands we are willing to send, byte for byte, and the meaning of what comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import traces
from card_reader import apdu
from card_reader.apdu import Application, OtherApplication, TextFile, Tries
from card_reader.errors import CardError
from card_reader.faults import TYPE_B_ATR
from card_reader.simulated_others import FELICA_ATR


def test_commands_are_spelled_as_the_standard_spells_them():
    """Each builder yields the documented bytes."""
    spelled = {
        apdu.select_application(Application.TEXT): "00A4040C0AD3921000310001010408",
        apdu.select_application(Application.COMMON): "00A4040C0AD3921000310001010100",
        apdu.select_application(OtherApplication.PASSPORT): "00A4040C07A0000002471001",
        apdu.select_file(TextFile.BASIC_FOUR): "00A4020C020002",
        apdu.query_tries(TextFile.PIN): "00200091",
        apdu.query_tries(TextFile.CODE_B): "00200095",
        apdu.query_tries(None): "00200080",
        bytes(apdu.verify(TextFile.PIN, bytearray(b"0012"))): "002000910430303132",
        apdu.read_short(TextFile.BASIC_FOUR, 256): "00B0820000",
        apdu.read_on(256, 0x56): "00B0010056",
        apdu.extended(apdu.read_short(TextFile.BASIC_FOUR, 256)): "00B08200000000",
        apdu.extended(apdu.read_on(0, 256)): "00B00000000000",
        apdu.READ_CARD_DATA: "00B2010C00",
        apdu.get_response(256): "00C0000000",
    }
    for command, expected in spelled.items():
        assert command.hex().upper() == expected
        assert apdu.is_allowed(command, b"")


@pytest.mark.parametrize(
    "command",
    [
        "00A4020C020001",  # SELECT the My Number
        "00B0810000",  # READ it by short identifier
        "00A4020C020014",  # 照合番号A
        "0020009404",
        "002000940431323334",
        "00B0820100",  # by short identifier, but not from the start
        "00B2020C00",
        "00B2010400",
        "00A4040C0AD392F000260100000001",  # the signing application
        "00A4040C0AD3921000310001010402",  # 券面事項確認, with a picture of the My Number
        "00B08100000000",
        "00B08200000100",  # an extended length other than "all"
        "00B0820000FFFF",
        "FFCA000000",
        "FFCA010000",
        "FF",
        "00240180",  # CHANGE REFERENCE DATA
        "0020009105313233",  # a length that lies
        "00200091",  # completed below
        "00D6000001FF",
        "00",
        "",
    ],
)
@pytest.mark.usefixtures("trespass")
def test_what_is_not_on_the_list_is_not_allowed(command):
    """Everything that is not spelled out is refused, the My Number above all."""
    assert apdu.is_allowed(bytes.fromhex(command), TYPE_B_ATR) is (command == "00200091")


@pytest.mark.usefixtures("trespass")
def test_a_question_to_the_reader_is_asked_about_felica_only():
    """FFCA000000 may leave where the reader's ATR says FeliCa, and nowhere else."""
    assert apdu.is_allowed(apdu.GET_IDM, FELICA_ATR)
    assert not apdu.is_allowed(apdu.GET_IDM + b"\0", FELICA_ATR)
    for atr in (b"", TYPE_B_ATR, FELICA_ATR[:12], FELICA_ATR.replace(b"\x11\x00\x3b", b"\x03\x00\x01")):
        assert not apdu.is_felica(atr)
        assert not apdu.is_allowed(apdu.GET_IDM, atr)


def starts_like_a_command():
    """Bytes that begin as commands do, so that chance comes near the list."""
    beginnings = [bytes.fromhex(text) for text in ("00A4020C02", "00A4040C", "0020", "00B0", "00B2", "00C0")]
    return st.builds(bytes.__add__, st.sampled_from(beginnings), st.binary(max_size=16))


@pytest.mark.usefixtures("trespass")
@given(st.binary(max_size=8) | starts_like_a_command())
def test_no_allowed_command_names_another_file(command):
    """Of all byte strings, those allowed reach for nothing but what this program came for."""
    if apdu.is_allowed(command, FELICA_ATR):
        assert traces.crime(command) == ""
        assert command[:4] != bytes.fromhex("00A4020C") or int.from_bytes(command[5:]) in set(TextFile)
        assert not (command[1] == 0xB0 and command[2] & 0x80 and command[2] & 0x1F != 0x02)


def test_a_trace_holds_asterisks_for_digits():
    """Masking hides the secret and nothing else."""
    assert apdu.masked(bytes.fromhex("002000910431323334")) == bytes.fromhex("0020009104") + b"****"
    assert apdu.masked(bytes.fromhex("00200091")) == bytes.fromhex("00200091")


@pytest.mark.parametrize(
    ("sw", "meaning"),
    [
        (0x63C3, 3),
        (0x63C0, 0),
        (0x6984, Tries.BLOCKED),
        (0x6983, Tries.BLOCKED),
        (0x6A88, Tries.UNSET),
        (0x6985, Tries.UNSET),
        (0x6300, None),
        (0x9000, None),
    ],
)
def test_a_key_says_how_it_stands(sw, meaning):
    """Status words about a key become a number, a state, or an honest None."""
    assert apdu.tries_left(sw) == meaning


def test_an_answer_is_data_and_a_status_word():
    """The last two bytes are the status; the repr keeps the data to itself."""
    answer = apdu.response(b"secret\x90\x00")
    assert (answer.data, answer.ok, answer.more, answer.right_length) == (b"secret", True, 0, 0)
    assert repr(answer) == "Response(<6 bytes>, sw=9000)"
    assert apdu.response(b"\x61\x00").more == 256
    assert apdu.response(b"\x6c\x05").right_length == 5


@pytest.mark.parametrize("answer", [b"", b"\x90", bytes(65539)])
def test_an_answer_of_impossible_length_is_malformed(answer):
    """No APDU is answered by fewer than two bytes or more than an extended one can have."""
    with pytest.raises(CardError, match="impossible length"):
        apdu.response(answer)
