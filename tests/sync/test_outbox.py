"""The outbox: files that appear whole, and names that say what is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.ids import DeviceId
from kiosk.errors import BugError, KnownError
from sync import outbox
from sync.outbox import Link, SegmentName, Status

DEVICE = DeviceId(bytes(range(16)))
numbers = st.integers(1, 10**12)


@given(st.binary(min_size=16, max_size=16), numbers, st.integers(0, 10**6))
def test_a_name_reads_back(device, first, more):
    """A segment's name says whose it is and from which number to which."""
    name = SegmentName(DeviceId(device), first, first + more)
    assert outbox.parse_name(str(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "status.json",
        f"{DEVICE.hex()}-00000001-00000002.seg.tmp",
        f".{DEVICE.hex()}-00000001-00000002.seg",
        f"{DEVICE.hex()}-1-2.seg",
        f"{DEVICE.hex()}-00000000-00000002.seg",
        f"{DEVICE.hex()}-00000003-00000002.seg",
        f"{DEVICE.hex()}-000000001-00000002.seg",
        f"{DEVICE.hex().upper()}-00000001-00000002.seg",
        f"{DEVICE.hex()}-0000000１-00000002.seg",
    ],
)
def test_another_files_name_is_nobodys_segment(name):
    """What we did not name is not read as a segment."""
    assert outbox.parse_name(name) is None


def test_what_is_laid_is_found(tmp_path):
    """Segments, counts, registration and link come back as they were laid, in order."""
    box = outbox.folder(tmp_path)
    assert outbox.segments(box, DEVICE) == []
    assert outbox.read_counts(box) is outbox.read_registration(box) is outbox.read_link(box) is None
    path = outbox.write_segment(box, DEVICE, 13, 20, b"second")
    outbox.write_segment(box, DEVICE, 1, 12, b"first")
    outbox.write_segment(box, DeviceId(bytes(16)), 1, 1, b"another's")
    assert path.name == f"{DEVICE.hex()}-00000013-00000020.seg"
    names = outbox.segments(box, DEVICE)
    assert [(name.first, name.last) for name in names] == [(1, 12), (13, 20)]
    assert [outbox.read_segment(box, name) for name in names] == [b"first", b"second"]
    path.unlink()
    assert outbox.read_segment(box, names[1]) is None
    outbox.write_counts(box, b"old")
    outbox.write_counts(box, b"new")
    outbox.write_registration(box, b"words")
    link = Link("http://127.0.0.1:8440", bytes(32), DEVICE)
    outbox.write_link(box, link)
    assert (outbox.read_counts(box), outbox.read_registration(box), outbox.read_link(box)) == (
        b"new",
        b"words",
        link,
    )
    assert not list(box.glob(".*"))


def test_a_segment_without_events_is_our_mistake(tmp_path):
    """A file nobody could send is not written."""
    for first, last in ((0, 1), (2, 1)):
        with pytest.raises(BugError):
            outbox.write_segment(tmp_path, DEVICE, first, last, b"")
    with pytest.raises(BugError):
        outbox.write_segment(tmp_path, DeviceId(b"short"), 1, 1, b"")


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 6)), max_size=12), st.integers(0, 30))
def test_what_follows_has_no_gap_and_reaches_as_far_as_it_can(runs, head):
    """From HQ's head on, the files chosen lead without a gap as far as the files reach."""
    names = [SegmentName(DEVICE, first, first + more) for first, more in runs]
    chosen = list(outbox.following(names, head))
    reached = head
    for name in chosen:
        assert name.first <= reached + 1 <= name.last
        reached = name.last
    covered = {number for name in names for number in range(name.first, name.last + 1)}
    assert reached + 1 not in covered


def test_a_status_is_whole_and_forgives_other_versions(tmp_path):
    """What the desk reads is the last thing said, also from a later version's file, or nothing."""
    status = Status("waiting", 5, 3, 2, 1, "hq_unreachable", "つながりません。", 9, -1000)
    assert outbox.read_status(tmp_path) is None
    outbox.write_status(tmp_path, status)
    assert outbox.read_status(tmp_path) == status
    path = tmp_path / outbox.STATUS
    path.write_text(path.read_text().replace("{", '{"mood": "good", ', 1))
    assert outbox.read_status(tmp_path) == status
    for damaged in ("", "{", "[1]", '{"mood": 1}', "null"):
        path.write_text(damaged)
        assert outbox.read_status(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"hq_url": 1}', '{"hq_url": "", "ca_pin": "00", "device": "00"}', "\x00"]
)
def test_a_damaged_link_is_one_sentence(tmp_path, text):
    """A broken link file asks for the opening sheet again."""
    (tmp_path / outbox.LINK).write_text(text)
    with pytest.raises(KnownError) as trouble:
        outbox.read_link(tmp_path)
    assert trouble.value.code == "bad_link"


def test_an_outbox_that_is_no_folder_is_one_sentence(tmp_path):
    """Where files can be neither read nor written, both are said plainly."""
    box = tmp_path / "outbox"
    box.write_text("")
    with pytest.raises(KnownError) as trouble:
        outbox.segments(box, DEVICE)
    assert trouble.value.code == "outbox_unreadable"
    with pytest.raises(KnownError):
        outbox.write_counts(box, b"")
    with pytest.raises(KnownError):
        outbox.read_counts(box)


def test_news_are_what_calls_for_an_attempt(tmp_path):
    """A new segment, new counts, a new link and a person's wish are news; a status is not."""
    outbox.write_link(tmp_path, Link("http://127.0.0.1:1", b"", DEVICE))
    before = outbox.news(tmp_path, DEVICE)
    outbox.write_status(tmp_path, Status("synced"))
    outbox.write_segment(tmp_path, DeviceId(bytes(16)), 1, 1, b"another's")
    assert outbox.news(tmp_path, DEVICE) == before
    outbox.write_segment(tmp_path, DEVICE, 1, 1, b"")
    assert outbox.news(tmp_path, DEVICE) != before
    outbox.try_now(tmp_path)
    assert outbox.news(tmp_path, DEVICE).try_now


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"parted": {"00": 1}}', b'{"parted": [], "sum": 1}', b"\xff", b'{"parted": 7}'],
)
def test_a_damaged_word_on_where_branches_part_is_no_word(tmp_path, content):
    """Nothing is said again for a flipped bit; what was written comes back."""
    outbox.write_parted(tmp_path, {DEVICE: 26})
    assert outbox.read_parted(tmp_path) == {DEVICE: 26}
    text = (tmp_path / outbox.PARTED).read_bytes()
    (tmp_path / outbox.PARTED).write_bytes(text.replace(b"26", b"27"))
    assert outbox.read_parted(tmp_path) == {}
    (tmp_path / outbox.PARTED).write_bytes(content)
    assert outbox.read_parted(tmp_path) == {}
