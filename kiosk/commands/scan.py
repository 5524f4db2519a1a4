"""`kiosk scan`: read codes from a camera, pictures, a video or a stream, and say what each one is."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import click

from kiosk.camera.child import DecoderProcess
from kiosk.camera.frames import Frame, FrameSource, Pace, Pictures, in_order, open_source
from kiosk.camera.grabber import newest_of
from kiosk.camera.sightings import Sightings
from kiosk.commands import trust_file
from kiosk.commands.household_json import accepted_to_json
from kiosk.core.entry_pass import PassReader, Refused
from kiosk.core.trust import TrustList
from kiosk.errors import KnownError

SENTENCES = {
    "accepted": (
        "受付証です（{count}人、第{revision}版、発行者 {issuer}）",
        "a household pass: {count} in it, revision {revision}, issued by {issuer}",
    ),
    "unknown_issuer": (
        "ここでは 知らない 発行者の 受付証です",
        "a household pass of an issuer that is not trusted here",
    ),
    "bad_signature": (
        "書きかえられた 受付証です",
        "a household pass that was altered: its signature does not fit",
    ),
    "malformed": ("こわれた 受付証です", "a household pass that is damaged"),
    "sealed": (
        "封を した 受付証です。開ける かぎが ここに ありません",
        "sealed to a pass key that is not here",
    ),
    "half": (
        "受付証の 半分です。もう 1つの コードも 見せてください",
        "one of two codes: show the other one too",
    ),
    "not_a_pass": ("受付証では ない コードです", "a code, but not a household pass"),
    "my_number_discarded": (
        "マイナンバーかも しれない コードなので、読まずに すてました",
        "a code that may hold a My Number: it was discarded unread",
    ),
}
"""What is said of each verdict: for staff, and in English."""
MARKS = {
    "expired": "期限ぎれ",
    "not_yet_valid": "期限の 前",
    "older_revision": "古い 版",
    "seen_before": "2度め",
}


@click.command()
@click.argument("source")
@trust_file.trust_option
@click.option("--seconds", type=click.FloatRange(0.1), help="Stop a live source after so many seconds.")
@click.option("--once", is_flag=True, help="Stop after the first code.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each code.")
def command(source: str, *, trust: TrustList, seconds: float | None, once: bool, as_json: bool) -> None:
    """Read codes from SOURCE and say of each whether it is a household pass.

    SOURCE is camera:0 (a webcam by its number), a picture, a folder of pictures, a video, or the URL of a
    stream (http, https, rtsp). A live source is read until Ctrl-C; what is wrong with it meanwhile is said
    on stderr.
    """
    frames = open_source(source)
    judge = Judge(trust)
    found = 0
    decoder = DecoderProcess(spare=frames.pace is Pace.LIVE)
    try:
        decoder.start()  # before the first frame comes, so that no reading waits for it
        with closing(_frames(frames, seconds)) as coming:
            for line in read_codes(coming, decoder, judge, thorough=frames.pace is Pace.STILLS):
                found += 1
                click.echo(json.dumps(line, ensure_ascii=False) if as_json else _sentence(line))
                if once:
                    break
    except KeyboardInterrupt:
        pass
    finally:
        decoder.stop()
    if isinstance(frames, Pictures) and frames.skipped:
        click.echo(f"{frames.skipped} files of this folder can not be read as pictures", err=True)
    if not found:
        raise KnownError("no_code", "QRコードが 見つかりません。", "no code could be read")


class Judge:
    """Says what a text is, and whether this run has seen its household before."""

    def __init__(self, trust: TrustList) -> None:
        self._passes = PassReader(trust)

    def line(self, text: str) -> dict[str, Any]:
        """The verdict as `--json` prints it. A text that may hold a My Number is not in it."""
        outcome = self._passes.read(text, time.time())
        if isinstance(outcome, Refused):
            kept = {} if outcome.code == "my_number_discarded" else {"text": text}
            return {"verdict": outcome.code, "marks": [], **kept}
        return {
            "verdict": "accepted",
            "marks": list(outcome.marks),
            "household": accepted_to_json(outcome),
            "text": text,
        }


def read_codes(
    frames: Iterator[Frame], decoder: DecoderProcess, judge: Judge, *, thorough: bool
) -> Iterator[dict[str, Any]]:
    """One line for each code each time it is held up."""
    sightings = Sightings()
    for frame in frames:
        decoded = decoder.read(frame.image, thorough=thorough)
        begun = time.perf_counter()
        for seen in sightings.saw(frame.at, decoded.reading):
            line = judge.line(seen.text)
            spent = decoded.seconds + time.perf_counter() - begun
            yield {"frame": frame.number, **line, "milliseconds": round(spent * 1000, 1)}


def _frames(source: FrameSource, seconds: float | None) -> Generator[Frame]:
    return newest_of(source, seconds, _say) if source.pace is Pace.LIVE else in_order(source)


def _say(problem: KnownError) -> None:
    click.echo(f"{problem.sentence} ({problem.english})", err=True)


def _sentence(line: dict[str, Any]) -> str:
    household = line.get("household", {})
    said, english = (
        text.format(
            count=len(household.get("members", [])),
            revision=household.get("revision"),
            issuer=household.get("issuer"),
        )
        for text in SENTENCES[line["verdict"]]
    )
    marks = "".join(f" [{MARKS[mark]} {mark}]" for mark in line["marks"])
    return f"{line['frame']}: {said}。{marks} ({english}, {line['milliseconds']} ms)"
