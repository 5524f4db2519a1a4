"""Readers, cards and cameras, played by the test: each trouble has its code and a thing to do."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest

from card_reader import service
from card_reader.simulated import SimulatedCard, SimulatedReader
from card_reader.simulated_others import FelicaCard, OtherCard
from kiosk import selftest
from kiosk.camera.devices import Camera
from kiosk.checkup import State
from kiosk.doctor import Patient, devices
from laptops import NoService, PlayedCamera, as_root, lay, ordinary, patient, pictures, port_of
from played_time import HandClock


@pytest.fixture
def see(tmp_path):
    """Make a check on an ordinary laptop, some parts of which are as given."""

    def see(check, **parts):
        found = check(patient(tmp_path / "data", ordinary_once(tmp_path / "root"), **parts))
        return found if isinstance(found, list) else [found]

    return see


def ordinary_once(root):
    return root if root.exists() else ordinary(root)


def plug(root, vendor, product, face="ff"):
    device = "sys/bus/usb/devices/1-1"
    lay(root, {f"{device}/idVendor": vendor, f"{device}/idProduct": product, f"{device}/product": "A reader"})
    lay(root, {f"{device}/1-1:1.0/bInterfaceClass": face})


def codes(findings):
    return [(one.state, one.code) for one in findings]


# --- the card service ------------------------------------------------------------------------------------


def test_a_service_that_answers_is_well(see):
    """With the number of readers it knows."""
    (finding,) = see(devices.card_service)
    assert finding.state is State.OK
    assert finding.numbers["readers"] == 1


def test_a_missing_library_is_broken(see):
    """The desk goes on without cards, and says so."""

    def port():
        raise ImportError("libpcsclite.so.1")

    assert codes(see(devices.card_service, port=port)) == [(State.BROKEN, "card_library_missing")]
    assert codes(see(devices.readers, port=port)) == [(State.ABSENT, "no_reader")]


def test_a_service_that_nobody_needs_may_be_absent(see, tmp_path):
    """Without a reader it is told as absent; with one plugged in it is broken."""
    assert codes(see(devices.card_service, port=port_of(NoService()))) == [(State.ABSENT, "service_stopped")]
    plug(tmp_path / "root", "054c", "0dc8", face="0b")
    assert codes(see(devices.card_service, port=port_of(NoService()))) == [(State.BROKEN, "service_stopped")]


def test_what_to_do_depends_on_whether_it_is_installed(see, tmp_path):
    """To install it, or to start it."""
    (missing,) = see(devices.card_service, port=port_of(NoService()))
    assert "Install the package pcscd" in missing.to_do.en
    (tmp_path / "root/usr/sbin").mkdir(parents=True)
    (tmp_path / "root/usr/sbin/pcscd").touch()
    (stopped,) = see(devices.card_service, port=port_of(NoService()))
    assert "pcscd.socket" in stopped.to_do.en


@pytest.mark.parametrize("door", ["open", "forbidden"])
def test_a_service_that_lets_this_user_not_in_is_told_apart(see, monkeypatch, door):
    """Somebody is behind the door: it is a matter of rights."""
    monkeypatch.setattr(service, "door", lambda *_: door)
    assert codes(see(devices.card_service, port=port_of(NoService()))) == [
        (State.BROKEN, "service_forbidden")
    ]


def test_windows_starts_its_service_with_the_first_reader(see):
    """So its absence is nothing to mend."""
    found = see(devices.card_service, port=port_of(NoService()), platform="win32")
    assert codes(found) == [(State.ABSENT, "service_stopped")]


# --- readers and cards -----------------------------------------------------------------------------------


def test_a_card_is_asked_without_a_secret(see):
    """A My Number card answers; no try is spent, and nothing of it is told."""
    reader, card = SimulatedReader(), SimulatedCard(pin_tries=2)
    reader.insert(card)
    (finding,) = see(devices.readers, port=port_of(reader))
    assert (finding.state, finding.numbers["card"]) == (State.OK, "my_number")
    assert card.secrets_sent == 0
    assert card.trace
    assert "tries" not in json.dumps(dict(finding.numbers))


@pytest.mark.parametrize(
    ("card", "said", "state"),
    [
        (SimulatedCard(pin=None), "my_number", State.OK),
        (SimulatedCard(pin_tries=0), "my_number", State.OK),
        (OtherCard(), "other", State.OK),
        (FelicaCard(), "other", State.OK),
        (SimulatedCard(faults="b"), "card_removed", State.ATTENTION),
    ],
    ids=["no PIN set", "locked", "another card", "FeliCa", "torn away"],
)
def test_whatever_card_lies_there_is_no_fault_of_the_laptop(see, card, said, state):
    """A strange card is told as one; a card that does not answer is worth a look."""
    reader = SimulatedReader()
    reader.insert(card)
    (finding,) = see(devices.readers, port=port_of(reader))
    assert (finding.state, finding.numbers["card"]) == (state, said)


def test_a_card_is_left_alone_while_a_desk_runs(see, monkeypatch):
    """A reading may be under way."""
    monkeypatch.setattr(Patient, "desk_runs", lambda _self: True)
    reader, card = SimulatedReader(), SimulatedCard()
    reader.insert(card)
    (finding,) = see(devices.readers, port=port_of(reader))
    assert finding.numbers["card"] == "not_asked"
    assert card.trace == []


def test_an_empty_reader_is_ready(see):
    """By its name."""
    (finding,) = see(devices.readers)
    assert (finding.state, finding.numbers["card"]) == (State.OK, "none")
    assert finding.numbers["reader"] in finding.says.ja


def test_an_old_pasori_on_windows_gets_a_hint(see):
    """It reads My Number cards only with a program of its maker."""
    (finding,) = see(devices.readers, port=port_of(SimulatedReader("Sony FeliCa Port/PaSoRi 3.0 0")))
    assert finding.state is State.OK
    assert "Activator" in finding.to_do.en


def test_a_reader_that_linux_can_not_drive_is_named(see, tmp_path):
    """Beside a good one, or alone."""
    ordinary_once(tmp_path / "root")
    plug(tmp_path / "root", "054c", "06c1")
    assert codes(see(devices.readers)) == [(State.OK, "ok"), (State.BROKEN, "reader_without_driver")]
    (finding,) = see(devices.readers, port=port_of(NoService()))
    assert "RC-S380" in finding.says.ja
    assert "RC-S300" in finding.to_do.ja


def test_a_reader_that_only_usb_sees_is_told(see, tmp_path):
    """Its driver is missing, or its service is not there."""
    ordinary_once(tmp_path / "root")
    plug(tmp_path / "root", "072f", "223b", face="0b")
    assert codes(see(devices.readers, port=port_of(NoService()))) == [(State.BROKEN, "reader_not_seen")]


def test_no_reader_at_all_is_absent(see):
    """The desk does without."""
    assert codes(see(devices.readers, port=port_of(NoService()))) == [(State.ABSENT, "no_reader")]


# --- cameras ---------------------------------------------------------------------------------------------


def seen(see, shown, **how):
    clock = HandClock()
    return see(devices.cameras, monotonic=clock, camera=lambda _index: PlayedCamera(shown, clock, **how))


@pytest.mark.parametrize(
    ("shown", "how", "state", "code"),
    [
        (pictures(), {}, State.OK, "ok"),
        ([np.zeros((720, 1280, 3), np.uint8)], {}, State.ATTENTION, "camera_dark"),
        (pictures(count=1), {}, State.BROKEN, "camera_frozen"),
        (pictures(), {"seconds": 0.3}, State.ATTENTION, "camera_slow"),
        (pictures(size=(480, 640)), {}, State.ATTENTION, "camera_small"),
        ([], {}, State.BROKEN, "camera_silent"),
    ],
    ids=["good", "black", "frozen", "slow", "small", "silent"],
)
def test_each_trouble_of_a_camera_has_its_word(see, shown, how, state, code):
    """And its name, so that it can be told from its neighbour."""
    (finding,) = seen(see, shown, **how)
    assert (finding.state, finding.code) == (state, code)
    assert "HD Webcam" in finding.says.ja
    assert finding.numbers["camera"] == 0
    assert finding.to_do.ja or state is State.OK


def test_a_camera_that_the_desk_uses_is_well(see, monkeypatch):
    """It can not be opened twice, and need not be."""
    monkeypatch.setattr(Patient, "desk_runs", lambda _self: True)
    (finding,) = seen(see, [])
    assert (finding.state, finding.numbers["in_use"]) == (State.OK, True)


def test_a_camera_that_hangs_holds_nobody_up(see, monkeypatch):
    """It is told as broken, and the next camera is tried."""
    import threading

    never = threading.Event()
    monkeypatch.setattr(devices, "CAMERA_SECONDS", 0.05)

    class Hanging(PlayedCamera):
        def open(self):
            never.wait(60)

    clock = HandClock()
    cameras = [Hanging([], clock), PlayedCamera(pictures(), clock)]
    found = see(
        devices.cameras,
        cameras=lambda *_: [Camera("a", "A", 0), Camera("b", "B", 2)],
        camera=lambda index: cameras[index // 2],
        monotonic=clock,
    )
    assert codes(found)[0] == (State.BROKEN, "camera_hangs")
    assert len(found) == 2
    never.set()


@pytest.mark.skipif(as_root(), reason="root may open everything")
def test_a_camera_that_this_user_may_not_open_is_told(see, tmp_path):
    """It is a matter of rights, not of cables."""
    lay(ordinary_once(tmp_path / "root"), {"dev/video0": ""})
    assert codes(see(devices.cameras)) == [(State.OK, "ok")]
    (tmp_path / "root/dev/video0").chmod(0)
    assert codes(see(devices.cameras)) == [(State.BROKEN, "camera_forbidden")]


def test_where_cameras_are_not_listed_they_are_tried_by_number(see):
    """Until one is not there; none at all is absent."""
    clock = HandClock()
    cameras = [PlayedCamera(pictures(), clock), PlayedCamera([], clock)]
    found = see(
        devices.cameras, cameras=lambda *_: None, camera=lambda index: cameras[index], monotonic=clock
    )
    assert codes(found) == [(State.OK, "ok")]
    found = see(devices.cameras, cameras=lambda *_: None, camera=lambda _index: cameras[1])
    assert codes(found) == [(State.ABSENT, "no_camera")]
    assert codes(see(devices.cameras, cameras=lambda *_: [])) == [(State.ABSENT, "no_camera")]


# --- what comes with the program -------------------------------------------------------------------------


def test_the_decoders_process_reads_a_code(see):
    """A real child, started for this."""
    (finding,) = see(devices.decoder)
    assert finding.state is State.OK
    assert finding.numbers["start_ms"] > 0


def test_a_missing_second_look_is_worth_a_word(see, monkeypatch):
    """Codes are read all the same."""
    assert codes(see(devices.second_look)) == [(State.OK, "ok")]
    monkeypatch.setattr(selftest, "zbar_reads", lambda: False)
    assert codes(see(devices.second_look)) == [(State.ATTENTION, "no_second_look")]


def test_a_damaged_typeface_is_told(see, monkeypatch):
    """A single wrong byte anywhere in its tables, a half file, or none."""
    assert codes(see(devices.fonts)) == [(State.OK, "ok")]
    whole = selftest.resources.read_bytes(selftest.FONTS[0])
    for data in (
        whole[:-40_000],
        bytes([*whole[:200_000], whole[200_000] ^ 1, *whole[200_001:]]),
        b"",
        b"\0" * 12,
    ):
        with monkeypatch.context() as changed:
            changed.setattr(selftest.resources, "read_bytes", lambda _name, data=data: data)
            assert codes(see(devices.fonts)) == [(State.BROKEN, "font_damaged")]


# --- the real card service -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def card_service():
    from card_service import the_service

    return the_service()


@pytest.fixture
def real_port():
    from card_reader.pcsc import PcscPort

    return lambda: contextlib.closing(PcscPort())


@pytest.mark.pcscd
@pytest.mark.usefixtures("card_service")
def test_the_real_service_and_its_readers_are_seen(see, real_port):
    """Every reader by its name; a card laid on one is spoken to, and no secret is sent."""
    from card_reader.virtual_pcd import VirtualPcd
    from card_service import FIRST

    assert codes(see(devices.card_service, port=real_port)) == [(State.OK, "ok")]
    slot, card = VirtualPcd(), SimulatedCard()
    slot.insert(card)
    try:
        _wait_for_card(real_port)
        found = {one.numbers["reader"]: one for one in see(devices.readers, port=real_port)}
    finally:
        slot.remove()
    assert (found[FIRST].state, found[FIRST].numbers["card"]) == (State.OK, "my_number")
    assert card.secrets_sent == 0


def _wait_for_card(real_port):
    from card_reader.reader import CardDesk
    from card_service import FIRST

    with real_port() as port:
        CardDesk(port, reader=FIRST).wait_for_card(10)


@pytest.mark.pcscd
def test_a_real_service_that_stops_is_told(see, real_port, card_service):
    """Its socket is left or gone; either way it does not run, and nothing is broken without a reader."""
    if not card_service.ours:
        pytest.skip("a card service was running before the tests, and is not ours to stop")
    card_service.stop()
    try:
        assert service.door() in ("shut", "missing")
        assert codes(see(devices.card_service, port=real_port)) == [(State.ABSENT, "service_stopped")]
        assert codes(see(devices.readers, port=real_port)) == [(State.ABSENT, "no_reader")]
    finally:
        card_service.start()


@pytest.mark.skipif(as_root(), reason="root may open every door")
def test_a_socket_that_may_not_be_opened_is_forbidden(tmp_path, monkeypatch):
    """Not missing, not shut."""
    import socket

    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("comm")
        (tmp_path / "comm").chmod(0)
        monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "comm")
        assert service.door() == "forbidden"
