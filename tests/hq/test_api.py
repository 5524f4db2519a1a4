"""HQ over real HTTP: what devices may send, and what an answer never holds."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from urllib.parse import urlsplit

import pytest
import requests

from kiosk.core import cbor
from sync.wire import MAX_BATCH, encode_batch


@pytest.fixture
def url(small_hq):
    with small_hq.serving() as served:
        yield served


def error(response):
    assert response.headers["content-type"] == "application/json"
    return response.json()["error"]["code"]


def test_a_device_registers_reports_and_sends(small_hq, url):
    """The whole way of a device over HTTP, each answer telling what HQ has."""
    device = small_hq.device()
    device.receive(2)
    name = device.id.hex()
    assert requests.get(f"{url}/v1/health", timeout=10).json()["ok"] is True
    assert requests.get(f"{url}/v1/heads?device={name}", timeout=10).json()["heads"] == {}
    assert error(requests.put(f"{url}/v1/counts", device.counts(), timeout=10)) == "unknown_device"
    registered = requests.post(f"{url}/v1/devices", device.registration(), timeout=10).json()
    assert registered["heads"] == {name: [1, device.hashes[1].hex()]}
    assert (registered["shelter"], registered["mode"]) == ("4310010001", "drill")
    said = requests.put(f"{url}/v1/counts", device.counts(), timeout=10).json()
    assert said["heads"] == {name: [1, device.hashes[1].hex()]}
    pushed = requests.post(f"{url}/v1/segments", encode_batch([device.segment()]), timeout=10)
    assert pushed.status_code == 200
    assert pushed.json()["heads"] == {name: [2, device.hashes[2].hex()]}


def test_a_gap_and_a_fork_are_conflicts_that_say_what_to_do(small_hq, url):
    """409 carries the code, the number to send from, and the heads."""
    device = small_hq.device(registered=True)
    twin = device.clone()
    for _ in range(3):
        device.receive()
    twin.receive()
    gap = requests.post(f"{url}/v1/segments", encode_batch([device.segment(3, 4)]), timeout=10)
    assert (gap.status_code, error(gap), gap.json()["send_from"]) == (409, "gap", 2)
    assert gap.json()["heads"] == {device.id.hex(): [1, device.hashes[1].hex()]}
    requests.post(f"{url}/v1/segments", encode_batch([device.segment()]), timeout=10)
    fork = requests.post(f"{url}/v1/segments", encode_batch([twin.segment()]), timeout=10)
    assert (fork.status_code, error(fork)) == (409, "fork")
    assert fork.json()["troubles"] == [{"device": device.id.hex(), "first": 1, "code": "fork", "parted": 2}]


@pytest.mark.parametrize("path", ["/v1/devices", "/v1/counts", "/v1/segments"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff" * 40,
        b'{"name":"\xe5\xb1\xb1"}',
        cbor.dumps([1, []])[:-1],
        cbor.dumps([[[[[[[[[[1]]]]]]]]]]),
    ],
    ids=["empty", "json", "not-utf8", "a-name", "cut", "deep"],
)
def test_nonsense_is_refused_and_not_echoed(url, path, body):
    """What is not our format is answered 400 with a code, and not a byte of it comes back."""
    method = "PUT" if path.endswith("counts") else "POST"
    response = requests.request(method, url + path, data=body, timeout=10)
    assert response.status_code == 400
    assert error(response)
    assert not body or body not in response.content


def test_a_body_larger_than_any_of_ours_is_refused_unread(url):
    """A large body is refused by its declared length, and one that declares none, when it grows too large."""
    parts = urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)) as line:
        line.putrequest("POST", "/v1/segments")
        line.putheader("Content-Length", str(MAX_BATCH + 1))
        line.endheaders()
        answer = line.getresponse()
        assert (answer.status, json.loads(answer.read())["error"]["code"]) == (413, "too_large")
    chunks = (b"x" * 4096 for _ in range(4))
    with contextlib.suppress(requests.ConnectionError):  # HQ may close before all is sent
        assert requests.put(f"{url}/v1/counts", data=chunks, timeout=10).status_code == 413


def test_a_compressed_body_is_refused(url):
    """A body that could unpack to anything is not unpacked."""
    response = requests.post(f"{url}/v1/segments", b"x", headers={"Content-Encoding": "gzip"}, timeout=10)
    assert (response.status_code, error(response)) == (415, "unsupported_encoding")


def test_a_body_cut_short_takes_nothing(small_hq, url):
    """A batch whose end never comes leaves the log as it was."""
    device = small_hq.device(registered=True)
    device.receive()
    batch = encode_batch([device.segment()])
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as line:
        head = f"POST /v1/segments HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(batch)}\r\n\r\n"
        line.sendall(head.encode() + batch[:-1])
    assert requests.get(f"{url}/v1/health", timeout=10).ok
    assert small_hq.head(device) == (1, device.hashes[1])


@pytest.mark.parametrize(
    "query", ["", "?device=zz", "?device=00", "?device=" + "0" * 31 + "１", "?device=00" * 101]
)
def test_heads_are_asked_by_device(url, query):
    """A question that names no device is refused."""
    response = requests.get(f"{url}/v1/heads{query}", timeout=10)
    assert (response.status_code, error(response)) == (400, "malformed")


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/v1", "/v1/devices/1", "/static/../app.py", "/static/x"]
)
def test_nothing_else_is_served(url, path):
    """There is no documentation without a login, and no way into HQ's own files."""
    response = requests.get(url + path, timeout=10)
    assert (response.status_code, error(response)) == (404, "not_found")


def test_a_wrong_method_is_named(url):
    """GET on an endpoint for POST is answered in JSON like everything else."""
    response = requests.get(f"{url}/v1/segments", timeout=10)
    assert (response.status_code, error(response)) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/", "/v1/health", "/nothing", "/static/hq.css"])
def test_every_answer_carries_the_guarding_headers(url, path):
    """Pages, answers, errors and files alike come with a strict policy."""
    headers = requests.get(url + path, timeout=10).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_another_sites_name_for_our_address_is_refused(url):
    """A page elsewhere whose name points at this computer reads nothing through the browser."""
    response = requests.get(url, headers={"Host": "evil.example"}, timeout=10)
    assert response.status_code == 400


def test_a_bug_is_answered_plainly_and_logged_without_what_was_sent(small_hq, url, monkeypatch, caplog):
    """Our own mistake is a 500 in JSON; the log has its kind and place, not the data."""

    def broken(_batch):
        raise RuntimeError("山田\u3000太郎")

    monkeypatch.setattr(small_hq.intake, "receive", broken)
    response = requests.post(f"{url}/v1/segments", encode_batch([]), timeout=10)
    assert (response.status_code, error(response)) == (500, "bug")
    assert "RuntimeError at test_api.py" in caplog.text
    assert "山田" not in caplog.text + response.text


def test_a_database_in_trouble_is_503_and_takes_nothing(small_hq, url, caplog):
    """When HQ can not write, it says so and when to come back, and keeps nothing half."""
    device = small_hq.device(registered=True)
    device.receive()
    with small_hq.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE standing RENAME TO elsewhere")
    response = requests.post(f"{url}/v1/segments", encode_batch([device.segment()]), timeout=10)
    assert (response.status_code, error(response)) == (503, "unavailable")
    assert response.headers["retry-after"]
    assert "OperationalError" in caplog.text
    assert small_hq.head(device) == (1, device.hashes[1])
    assert small_hq.events(device) == [(1, device.hashes[1])]
