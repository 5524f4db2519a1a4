"""HQ as a device sees it: whatever answers, one clear outcome."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from kiosk.errors import KnownError
from proxies import BAD_GATEWAY, BROKEN, NONSENSE, PORTAL, REDIRECT, Answer, CutAfter, CutAnswer, LoseAnswer
from sync.client import Fork, Gap, HqClient, HqTrouble


@pytest.fixture
def client(line):
    with contextlib.closing(HqClient(line.url)) as made:
        yield made


@pytest.fixture
def device(hq):
    return hq.device(registered=True)


def test_the_five_requests_of_a_device(hq, client):
    """Registering, reporting, asking and sending give HQ's heads; a gap and a fork are values."""
    device = hq.device()
    twin = device.clone()
    for _ in range(3):
        device.receive()
    twin.receive()
    assert client.heads(device.id).heads == {}
    assert client.register(device.registration()).heads == {device.id: (1, device.hashes[1])}
    assert client.report_counts(device.counts()).heads == {device.id: (1, device.hashes[1])}
    assert client.push([device.segment(3, 4)]) == Gap(2)
    pushed = client.push([device.segment(2, 3), device.segment(4, 4)])
    assert pushed.heads == {device.id: (4, device.hashes[4])}
    assert client.push([twin.segment()]) == Fork({device.id: (4, device.hashes[4])}, {device.id: 2})
    assert client.heads(device.id).now == 1_700_000_000_000
    assert client.requests == 7


def test_hqs_refusals_carry_its_code(hq, client):
    """What a rule of HQ forbids is `hq_refused` with HQ's own code."""
    device = hq.device()
    with pytest.raises(HqTrouble) as trouble:
        client.report_counts(device.counts())
    assert (trouble.value.code, trouble.value.detail) == ("hq_refused", "unknown_device")
    device.token = b"x" * 16
    with pytest.raises(HqTrouble) as trouble:
        client.register(device.registration())
    assert (trouble.value.code, trouble.value.detail) == ("hq_refused", "unknown_token")
    assert "開設シート" in trouble.value.sentence


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (BROKEN, "hq_unreachable"),
        (BAD_GATEWAY, "hq_unreachable"),
        (CutAfter(0), "hq_unreachable"),
        (CutAfter(40), "hq_unreachable"),
        (LoseAnswer(), "hq_unreachable"),
        (CutAnswer(), "hq_unreachable"),
        (PORTAL, "hq_nonsense"),
        (REDIRECT, "hq_nonsense"),
        (NONSENSE, "hq_nonsense"),
        (Answer(200, b"{}"), "hq_nonsense"),
        (Answer(200, b"\xff\x00"), "hq_nonsense"),
        (Answer(200, b"[" * 60_000), "hq_nonsense"),
        (Answer(200, b"x" * 70_000), "hq_nonsense"),
        (Answer(200, b'{"heads": {"00": [1, "00"]}}'), "hq_nonsense"),
        (Answer(200, b'{"heads": {"zz": 1}}'), "hq_nonsense"),
        (Answer(404, b"<html>nginx</html>"), "hq_nonsense"),
        (Answer(409, b'{"error": {"code": "gap"}, "send_from": "x"}'), "hq_nonsense"),
        (Answer(403, b'{"error": {"code": "<script>"}}'), "hq_nonsense"),
        (Answer(403, b'{"error": "no"}'), "hq_nonsense"),
        (Answer(413, b'{"error": {"code": "too_large"}}'), "hq_refused"),
        (Answer(418, b'{"error": {"code": "teapot"}}'), "hq_refused"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_whatever_answers_is_one_clear_sentence(line, client, device, fault, code):
    """A broken HQ, a cut line, a captive portal and a proxy's page each become one known trouble."""
    device.receive()
    line.script = [fault]
    with pytest.raises(HqTrouble) as trouble:
        client.push([device.segment()])
    assert trouble.value.code == code
    assert trouble.value.sentence.endswith("。")
    assert client.push([device.segment()]).heads[device.id][0] == 2


def test_nobody_there_is_unreachable():
    """A port nobody listens on is no network to us."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with contextlib.closing(HqClient(f"http://127.0.0.1:{port}")) as client:
        with pytest.raises(HqTrouble) as trouble:
            client.heads(b"x" * 16)
        assert trouble.value.code == "hq_unreachable"


def test_an_answer_that_drips_is_given_up():
    """An HQ that answers a byte at a time, for ever, is left after a minute of its own clock."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip():
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
                while not done.wait(0.001):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        seconds = iter(range(0, 100_000, 10))
        with (
            contextlib.closing(
                HqClient(f"http://127.0.0.1:{server.getsockname()[1]}", lambda: next(seconds))
            ) as client,
            pytest.raises(HqTrouble) as trouble,
        ):
            client.heads(b"x" * 16)
        done.set()
        thread.join()
    assert trouble.value.code == "hq_unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://",
        "ftp://127.0.0.1",
        "http://hq.example.jp",
        "http://10.0.0.1:8440",
        "https://127.0.0.1",
        "x",
    ],
)
def test_without_tls_only_this_computer_is_spoken_to(url):
    """No counts travel in the clear over a network."""
    with pytest.raises(KnownError) as trouble:
        HqClient(url)
    assert trouble.value.code == "bad_link"


def test_a_proxy_of_the_environment_is_not_asked(hq, url, monkeypatch):
    """What the laptop's environment says of proxies does not lead our words elsewhere."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with contextlib.closing(HqClient(url)) as client:
        assert client.heads(hq.device().id).heads == {}
