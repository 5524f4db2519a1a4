"""The camera as a desk uses it: what it sees is judged and pushed as inputs, and how it is is told.

It refuses to know windows, stores and card readers; whether somebody is here already is the ledger's to say.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk import flow
from kiosk.core import slip
from kiosk.core.entry_pass import PassReader, Refused, to_household
from kiosk.core.trust import TrustList
from kiosk.desk import Transfer
from kiosk.errors import KnownError, Malformed
from kiosk.timing import Session
from ui.station import Device, Frame

if TYPE_CHECKING:
    from kiosk.camera.frames import FrameSource
    from kiosk.camera.worker import CodeReader, CodeSeen


class CodeSide:
    """A camera, and what becomes of the codes it sees.

    `camera` makes its source, anew each time; None: there is none. `judge` says what a code is, as the input
    that is pushed.
    """

    def __init__(
        self,
        camera: Callable[[], FrameSource] | None,
        judge: Callable[[CodeSeen], flow.Input],
        session: Session,
        push: Callable[[flow.Input], None],
    ) -> None:
        self._camera = camera
        self._judge = judge
        self._session = session
        self._push = push
        self._reader: CodeReader | None = None
        self._trouble: KnownError | None = None
        self._wanted = True
        self._stopped = False

    def start(self) -> None:
        """Load what reads codes, which takes a moment, and begin."""
        if self._camera is None or self._stopped:
            return
        from kiosk.camera.worker import CodeReader  # noqa: PLC0415 - OpenCV is loaded after the window's first picture

        try:
            reader = CodeReader(
                self._camera(), self.seen, self._session.clock, renew=self._camera, on_state=self._changed
            )
        except KnownError as error:
            self._trouble = error
            self._changed(error)
            return
        reader.start()
        self._reader = reader

    def stop(self) -> None:
        """Stop and release the camera."""
        self._stopped = True
        if self._reader is not None:
            self._reader.stop()

    def want(self, *, wanted: bool) -> None:
        """Codes are decoded all the same; those seen while not wanted are let go."""
        if wanted and not self._wanted and self._reader is not None:
            self._reader.forget()
        self._wanted = wanted

    def wake(self) -> None:
        """A camera was plugged in or pulled out: look now."""
        if self._reader is not None:
            self._reader.wake()

    def reopen(self) -> None:
        """Another camera was chosen: open that one."""
        if self._reader is not None:
            self._reader.reopen()

    def latest_frame(self) -> Frame | None:
        """The newest camera picture."""
        return None if self._reader is None else self._reader.latest_frame()

    @property
    def says(self) -> tuple[str, str]:
        """Why no code can be read now: the code of `CodeReader.problem`, and its sentence."""
        problem = self._problem
        return ("", "") if problem is None else (problem.code, problem.sentence)

    @property
    def _problem(self) -> KnownError | None:
        return self._trouble if self._reader is None else self._reader.problem

    @property
    def device(self) -> Device:
        """How the camera is."""
        if self._camera is None:
            return Device.OFF
        if self._problem is not None:
            return Device.MISSING
        return Device.STARTING if self.latest_frame() is None else Device.WORKING

    def _changed(self, problem: KnownError | None) -> None:
        code = "" if problem is None else problem.code
        self._push(flow.DeviceChanged("camera", problem is None, code))

    def seen(self, code: CodeSeen) -> None:
        """Push what a code is."""
        if self._wanted:
            self._push(self._judge(code))


class PassJudge:
    """Says whether a code is a pass, and whose. `trust` is asked at each: lists come in meanwhile."""

    def __init__(self, trust: Callable[[], TrustList], session: Session) -> None:
        self._trust = trust
        self._session = session
        self._passes = PassReader(trust())

    def __call__(self, code: CodeSeen) -> flow.Input:
        """The household, or why there is none."""
        begun = self._session.clock()
        self._passes.trust = self._trust()
        outcome = self._passes.read(code.text, time.time())
        if isinstance(outcome, Refused):
            return flow.CodeRefused(outcome.code)
        # An older pass never overwrites what a newer one said.
        household, source = to_household(self._passes.newest(outcome), os.urandom)
        stopwatch = self._session.stopwatch(code.first_seen)
        stopwatch.add_machine(code.machine_seconds + self._session.clock() - begun)
        # Whether the household was seen before is told by the ledger, which knows who is here.
        marks = frozenset(outcome.marks) - {"seen_before"}
        return flow.CodeAccepted(household, source, stopwatch, marks, again=code.gone is not None)


class SlipJudge:
    """Says whether a code is a transfer slip that this municipality's key opens."""

    def __init__(self, transfer_key: bytes, session: Session) -> None:
        self._key = transfer_key
        self._session = session

    def __call__(self, code: CodeSeen) -> flow.Input:
        """The household with its card, or why there is none."""
        begun = self._session.clock()
        try:
            read = slip.read(code.text, self._key)
        except Malformed as error:
            return flow.CodeRefused("slip_sealed" if error.code == "wrong_seal" else "slip_malformed")
        stopwatch = self._session.stopwatch(code.first_seen)
        stopwatch.add_machine(code.machine_seconds + self._session.clock() - begun)
        return flow.SlipSeen(Transfer(read, stopwatch), again=code.gone is not None)


class DeskJudge:
    """What a code is at a desk, by how it begins: a slip of another shelter, or else a pass."""

    def __init__(self, passes: PassJudge, slips: SlipJudge) -> None:
        self._passes = passes
        self._slips = slips

    def __call__(self, code: CodeSeen) -> flow.Input:
        """As an input for the desk."""
        return (self._slips if code.text.startswith(slip.PREFIX) else self._passes)(code)
