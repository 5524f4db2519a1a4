"""The conversation: what is sent, in which order, and what is never sent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from card_reader import apdu
from card_reader.conversation import LIMITS, converse
from card_reader.errors import CODES, CardError
from card_reader.faults import FAULTS, LIES, TornError
from card_reader.my_number import BasicFour, ask_tries, find_application, read_basic_four, read_tries
from card_reader.secret import CodeB, Pin
from card_reader.simulated import HandClock, InventedPerson, SimulatedCard, encode_basic_four
from schedules import LONG, LONG_READ, Schedule, secret_for


class Answers:
    """A channel of prepared answers; keeps what it was sent (masked) and what carried the secret."""

    atr = b""

    def __init__(self, *answers):
        self.answers = [bytes.fromhex(answer) for answer in answers]
        self.sent = []
        self.carrier = None

    def transmit(self, command, seconds):
        self.seconds = seconds
        self.sent.append(apdu.masked(command))
        if isinstance(command, bytearray):
            self.carrier = command
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not answer:
            raise CardError("card_removed", "torn")
        return answer


def code_of(channel, secret=None):
    with pytest.raises(CardError) as caught:
        read_basic_four(channel, secret or Pin("1234"), clock=HandClock())
    assert caught.value.code in CODES
    return caught.value.code


def sent(channel):
    return [command.hex().upper() for command in channel.sent]


SELECT = "00A4040C0AD3921000310001010408"
RECORD = encode_basic_four(InventedPerson()).hex()


def test_the_short_way_is_four_commands():
    """SELECT, query, VERIFY, READ, and nothing else."""
    channel = Answers("9000", "63C3", "9000", RECORD + "9000")
    reading = read_basic_four(channel, Pin("1234"), clock=HandClock())
    assert (reading.apdus, reading.tries_left, reading.secret) == (4, 3, "pin")
    assert reading.person.name == "熊本　花子"
    assert sent(channel) == [SELECT, "00200091", "0020009104" + "2A" * 4, "00B0820000"]


def test_the_classic_way_selects_each_file():
    """A card that refuses short identifiers at the harmless query is asked the long way from there."""
    channel = Answers("9000", "6A86", "9000", "63C3", "9000", "9000", RECORD + "9000")
    reading = read_basic_four(channel, Pin("1234"), clock=HandClock())
    assert reading.apdus == 7
    assert sent(channel)[2:] == [
        "00A4020C020011",
        "00200080",
        "0020008004" + "2A" * 4,
        "00A4020C020002",
        "00B0000000",
    ]


@pytest.mark.parametrize("refusal", ["6A82", "6A86", "6981", "6A88", "6985", "6B00", "6700", "6A81", "6D00"])
def test_a_refused_question_is_asked_the_long_way(refusal):
    """However a card says that it knows no short identifier, the secret goes to the key it selected."""
    channel = Answers("9000", refusal, "9000", "63C3", "9000", "9000", RECORD + "9000")
    assert read_basic_four(channel, Pin("1234"), clock=HandClock()).tries_left == 3
    assert sent(channel)[2:5] == ["00A4020C020011", "00200080", "0020008004" + "2A" * 4]


@pytest.mark.parametrize("refusal", ["6A82", "6A86", "6981"])
def test_only_the_read_may_be_tried_two_ways(refusal):
    """A READ refused by short identifier is repeated the long way; a VERIFY is not."""
    channel = Answers("9000", "63C3", "9000", refusal, "9000", RECORD + "9000")
    assert read_basic_four(channel, Pin("1234"), clock=HandClock()).apdus == 6
    assert code_of(Answers("9000", "63C3", refusal)) == "malformed"


@pytest.mark.parametrize(
    ("answer", "code", "tries"),
    [
        ("63C1", "last_try_refused", 1),
        ("63C0", "blocked", 0),
        ("6983", "blocked", 0),
        ("6984", "blocked", 0),
        ("6A88", "no_pin_set", None),
        ("6985", "no_pin_set", None),
        ("6300", "malformed", None),  # does not count
        ("9000", "malformed", None),  # somebody verified before us
        ("6700", "malformed", None),
        ("6C04", "malformed", None),
        ("6104", "malformed", None),
    ],
)
def test_the_secret_stays_home_unless_two_tries_are_left(answer, code, tries):
    """After any other answer to the query, no VERIFY with data is sent, and the secret is not spent."""
    channel = Answers("9000", answer)
    pin = Pin("1234")
    with pytest.raises(CardError) as caught:
        read_basic_four(channel, pin, clock=HandClock())
    assert (caught.value.code, caught.value.tries_left) == (code, tries)
    assert all(len(command) == 4 for command in channel.sent if command[1] == 0x20)
    assert not pin.spent


@pytest.mark.parametrize(
    ("answer", "code", "tries"),
    [
        ("63C2", "wrong_secret", 2),
        ("6300", "wrong_secret", None),
        ("63C0", "blocked", 0),
        ("6984", "blocked", 0),
        ("6C04", "malformed", None),
        ("6104", "malformed", None),
        ("6F00", "malformed", None),
        ("90", "malformed", None),
        ("", "card_removed", None),
    ],
)
def test_a_secret_travels_once_whatever_the_answer(answer, code, tries):
    """After any answer but 9000 no more is sent with data; the digits are zeros afterwards."""
    channel = Answers("9000", "63C3", answer)
    pin = Pin("1234")
    with pytest.raises(CardError) as caught:
        read_basic_four(channel, pin, clock=HandClock())
    assert (caught.value.code, caught.value.tries_left) == (code, tries)
    assert [len(command) > 5 for command in channel.sent if command[1] == 0x20].count(True) == 1
    assert pin.spent
    assert channel.carrier == bytes(9)
    again = Answers("9000")
    assert code_of(again, pin) == "bad_secret_format"
    assert again.sent == []


@pytest.mark.parametrize(
    ("answer", "then", "code", "tries"),
    [
        ("6300", "63C2", "wrong_secret", 2),
        ("6300", "6984", "blocked", 0),
        ("6300", "9000", "wrong_secret", None),
        ("6F00", "63C2", "malformed", 2),
        ("6F00", "63C0", "blocked", 0),
        ("6700", "6A82", "malformed", None),
    ],
)
@pytest.mark.parametrize("short_ids", [True, False])
def test_the_counter_is_asked_anew_after_a_doubtful_answer(answer, then, code, tries, short_ids):
    """A VERIFY answered by neither yes nor a number is followed by one question, without data."""
    before = ["9000", "63C3"] if short_ids else ["9000", "6A86", "9000", "63C3"]
    channel = Answers(*before, answer, then)
    with pytest.raises(CardError) as caught:
        read_basic_four(channel, Pin("1234"), clock=HandClock())
    assert (caught.value.code, caught.value.tries_left) == (code, tries)
    assert sent(channel)[-1] == ("00200091" if short_ids else "00200080")


@pytest.mark.parametrize("kind", ["timeout", "reader_lost"])
def test_a_channel_that_fails_under_the_secret_leaves_no_digits(kind):
    """However the sending ends, the command that carried the digits is overwritten."""

    class Failing(Answers):
        def transmit(self, command, seconds):
            answer = super().transmit(command, seconds)
            if self.carrier is not None:
                raise CardError(kind, "gone")
            return answer

    channel = Failing("9000", "63C3")
    assert code_of(channel) == kind
    assert channel.carrier == bytes(9)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (["6A82"], "not_my_number_card"),
        (["6D00"], "not_my_number_card"),
        (["6A81"], "not_my_number_card"),
        (["6300"], "not_my_number_card"),
        (["6F00", "6F00"], "malformed"),
        (["6581"], "malformed"),
        (["9000", "6A82", "6A82", "9000", "6A82"], "no_pin_set"),
        (["9000", "6A82", "6982"], "malformed"),
        (["9000", "63C3", "9000", "6982"], "card_removed"),
        (["9000", "63C3", "9000", "6B00"], "malformed"),
        (["9000", "63C3", "9000", "9000"], "malformed"),
        (["9000", "63C3", "9000", "FF20820FFF9000"], "malformed"),
        (["9000", "63C3", "9000", "FF20820100DF219000", "6986"], "card_removed"),
        (["9000", "63C3", "9000", "FF20820100DF219000", "9000"], "malformed"),
        (["9000", "63C3", "9000", "FF20820FF0DF219000", "009000"], "malformed"),  # in crumbs, for ever
        (["9000", "63C3", "9000", "6110"], "malformed"),  # always more, never an end
        (["9000", "63C3", "9000", "6C10"], "malformed"),
        (["9000", "63C3", "9000", "FF" * 256 + "61FF"], "malformed"),
        (["9000", "63C3", "9000", "6700"], "malformed"),
        (["9000", "63C3", "9000", "00" * 300 + "9000"], "malformed"),
        (["9000", "63C3", "9000", "FF209000", "9000"], "malformed"),
        (["9000", "6A86", "9000", "63C3", "9000", "6A82"], "card_removed"),
        (["9000", "6A86", "9000", "63C3", "9000", "6700"], "malformed"),
    ],
)
def test_every_other_refusal_has_its_code(answers, code):
    """A card that is something else, or makes no sense, is told apart and given up on."""
    channel = Answers(*answers)
    assert code_of(channel) == code
    assert len(channel.sent) < 80


def test_more_data_and_right_lengths_are_followed():
    """61xx is fetched, 6Cxx repeated with the length the card names, 6282 is the end of the file."""
    half = len(RECORD) // 4 * 2
    channel = Answers("6F00", "6110", "63C3", "9000", "6C40", RECORD[:half] + "6120", RECORD[half:] + "6282")
    assert read_basic_four(channel, Pin("1234"), clock=HandClock()).person.sex == 2
    assert sent(channel)[-2:] == ["00B0820040", "00C0000020"]


def test_code_b_fetches_the_expiry_year_first():
    """Two free commands more, unless the year is given."""
    card_data = "011C" + (b"400000000000000" + b"43101" + b"20350217").hex() + "9000"
    channel = Answers("9000", card_data, "9000", "63CA", "9000", RECORD + "9000")
    reading = read_basic_four(channel, CodeB("550217", "2285"), clock=HandClock())
    assert (reading.apdus, reading.secret, reading.tries_left) == (6, "code_b", 10)
    assert sent(channel)[:2] == ["00A4040C0AD3921000310001010100", "00B2010C00"]
    assert sent(channel)[4] == "002000950E" + "2A" * 14

    picky = Answers("9000", "6C1E", card_data, "9000", "63CA", "9000", RECORD + "9000")
    assert read_basic_four(picky, CodeB("550217", "2285"), clock=HandClock()).apdus == 7
    assert sent(picky)[2] == "00B2010C1E"

    for unreadable in ("6A83", "9000", "011C" + "30" * 20 + "9000", "41" * 28 + "9000"):
        code_b = CodeB("550217", "2285")
        assert code_of(Answers("9000", unreadable, "9000"), code_b) == "malformed"
        assert not code_b.spent
    assert code_of(Answers("6A82", "9000"), CodeB("550217", "2285")) == "malformed"
    assert code_of(Answers("6A82"), CodeB("550217", "2285")) == "not_my_number_card"


def test_tries_are_asked_without_spending_one():
    """Two commands, no data; a blocked secret counts as none left."""
    clock = HandClock()
    channel = Answers("9000", "63C2")
    assert read_tries(channel, "pin", clock=clock) == 2
    assert sent(channel) == [SELECT, "00200091"]
    assert read_tries(Answers("9000", "6984"), "code_b", clock=clock) == 0
    with pytest.raises(CardError) as caught:
        read_tries(Answers("9000", "6A88"), "pin", clock=clock)
    assert caught.value.code == "no_pin_set"


def test_a_card_is_asked_whether_it_is_ours_in_one_command():
    """Looking for the visitor's card among several readers costs each one SELECT."""
    for answer, ours in (("9000", True), ("6110", True), ("6A82", False)):
        channel = Answers(answer)
        assert converse(channel, find_application(), clock=HandClock()) == (ours, 1)
        assert sent(channel) == [SELECT]


def test_time_is_kept_for_each_command_and_for_all():
    """Nothing read too late is handed on, and nothing more is sent."""

    class Slow(Answers):
        asked = ()

        def transmit(self, command, seconds):
            self.asked += (seconds,)
            clock.advance(taken)
            return super().transmit(command, seconds)

    for taken, count, text in ((6.0, 1, "over a command"), (3.0, 4, "over a command"), (2.5, 4, "in all")):
        clock, channel = HandClock(), Slow("9000", "63C3", "9000", "FF20820100DF219000")
        with pytest.raises(CardError, match=text) as caught:
            read_basic_four(channel, Pin("1234"), clock=clock)
        assert caught.value.code == "timeout"
        assert len(channel.sent) == count
        assert channel.asked == tuple(min(5.0, 10.0 - n * taken) for n in range(count))


def test_nothing_is_sent_when_the_time_is_over():
    """A conversation that was kept waiting does not begin to talk."""
    clock = HandClock()

    def dawdling():
        clock.advance(LIMITS.session + 1)
        yield from ask_tries("pin", b"")

    channel = Answers("9000")
    with pytest.raises(CardError) as caught:
        converse(channel, dawdling(), clock=clock)
    assert (caught.value.code, channel.sent) == ("timeout", [])


@pytest.mark.usefixtures("trespass")
def test_a_command_outside_the_list_never_leaves():
    """Should a bug ever spell another file, the driver stops rather than send it."""

    def trespassing():
        yield bytes.fromhex("00A4020C020001")

    channel = Answers("9000")
    with pytest.raises(AssertionError):
        converse(channel, trespassing(), clock=HandClock())
    assert channel.sent == []


# --- The lock rule on random schedules -------------------------------------------------------------------

# The long run of `soak_card.py` tries ten thousand and more; here the reducer of hypothesis is at work.
SCHEDULES = 300
HONEST = "".join(letter for letter in FAULTS if letter not in LIES)
VISITS = st.tuples(
    st.text(alphabet="...." + HONEST, max_size=9), st.sampled_from(["1234", "0000", "code", "edoc"])
)


@settings(max_examples=SCHEDULES, deadline=None)
@given(
    visits=st.lists(VISITS, max_size=8),
    short_ids=st.booleans(),
    pin_tries=st.integers(0, 3),
    code_b_tries=st.integers(0, 10),
)
def test_no_schedule_of_faults_locks_a_card(visits, short_ids, pin_tries, code_b_tries):
    """One VERIFY per secret at most, none on the last try, and one whole person or nobody, in ten seconds."""
    card = SimulatedCard(LONG, supports_short_ids=short_ids, pin_tries=pin_tries, code_b_tries=code_b_tries)
    schedule = Schedule(card)
    for faults, word in visits:
        schedule.visit(faults, secret_for(word))
    assert schedule.broken == []


@settings(max_examples=SCHEDULES, deadline=None)
@given(visits=st.lists(st.text(alphabet=list(FAULTS), max_size=9), max_size=8))
def test_a_card_that_lies_still_gets_one_verify_per_secret(visits):
    """Even when status words are invented, a secret is never sent twice, and nobody waits longer."""
    schedule = Schedule(SimulatedCard(LONG), honest=False)
    for faults in visits:
        schedule.visit(faults, Pin("1234"))
    assert schedule.broken == []


@settings(max_examples=SCHEDULES, deadline=None)
@given(at=st.integers(0, 6), powered=st.booleans(), short_ids=st.booleans())
def test_two_cards_never_become_one_person(at, powered, short_ids):
    """A card swapped for another in mid-session yields one of them whole, or nobody."""
    other = InventedPerson(name="阿蘇　次郎", address="阿" * 100, birth_date="20010101", sex="1")
    cards = [SimulatedCard(LONG, supports_short_ids=short_ids), SimulatedCard(other)]
    if powered:
        cards[1].transmit(apdu.select_application(apdu.Application.TEXT))
        cards[1].transmit(apdu.select_file(apdu.TextFile.BASIC_FOUR))

    class Swapped:
        commands = 0
        atr = b""

        def transmit(self, command, seconds):
            self.commands += 1
            return cards[self.commands > at].transmit(command, seconds)

    try:
        person = read_basic_four(Swapped(), Pin("1234"), clock=HandClock()).person
    except CardError as error:
        person = error.code
    assert person in (
        LONG_READ,
        BasicFour(other.name, other.address, "2001-01-01", 1),
        "malformed",
        "card_removed",
    )
    assert sum(card.secrets_sent for card in cards) <= 1


@settings(max_examples=SCHEDULES, deadline=None)
@given(answers=st.lists(st.one_of(st.binary(max_size=258), st.sampled_from([b"\x90\0", b"\x63\xc3"]))))
def test_no_answers_bring_anything_but_a_reading_or_an_error(answers):
    """Whatever a thing on the reader says, the conversation ends in a person or a `CardError`."""
    channel = Answers(*[answer.hex() for answer in [*answers, b"\x6a\x82"]])
    try:
        read_basic_four(channel, CodeB("550217", "2285"), clock=HandClock())
        code = CODES[0]
    except CardError as error:
        code = error.code
    assert code in CODES
    assert all(apdu.is_allowed(command, b"") for command in channel.sent)


def test_torn_is_said_by_the_simulation_alone():
    """The simulation's own exception says whether the reader went along; desks see a `CardError`."""
    with pytest.raises(TornError) as caught:
        SimulatedCard(faults="x").transmit(bytes.fromhex(SELECT))
    assert caught.value.reader_too
