"""A program for the memory scan: a real desk under the real launcher, unlocked once with secrets in it.

    python locking_desk.py DATA SECRETS

The launcher and every process it starts get nothing but folder names. The first desk reads its passphrase
from a file in SECRETS, receives people whom it finds there, shows them, says in a file what keys it holds,
and locks when `lock` appears. Every later desk stays locked, says so, and ends the program when `end`
appears. It is run by `tests/soak/soak_keys.py`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from kiosk import launcher


def desk(data, secrets):
    launcher.run_desk(lambda: show(Path(data), Path(secrets)))


def show(data, secrets):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    first = not (secrets / "unlocked").exists()
    from kiosk import flow
    from kiosk.core.household import Method
    from kiosk.core.locking import AutoLock
    from kiosk.desk import Arrival
    from kiosk.wiring import DeskStation, Devices
    from ui import app

    class Busy(DeskStation):
        """Receives those in the file, and lets the window show one of them."""

        def open(self, passphrase):
            opened = super().open(passphrase)
            people = json.loads((secrets / "people.json").read_text())
            for name, kana, address in people:
                home = opened.new_household([opened.new_person(name=name, kana=kana)], address=address)
                opened.receive(Arrival(Method.DESK, home))
            self.shown = home
            vault, identity = self._store.vault, self._store.ledger.identity
            held = {
                "store key": vault._keys[-1].key.hex(),
                "sealing key": bytes(identity.sealing).hex(),
                "signing key": identity.sign.private_bytes_raw().hex(),
            }
            (secrets / "held.json").write_text(json.dumps(held))
            return opened

        def start(self, push):
            super().start(push)
            push(flow.RosterOpened())
            threading.Timer(0.5, (secrets / "unlocked").touch).start()

    if first:
        station = Busy(
            data, Devices(None, None), passphrase=(secrets / "passphrase").read_text(), reports=False
        )
        # The clock leaps when the scan of the open desk is over.
        lock = lambda: AutoLock(lambda: 1e9 if (secrets / "lock").exists() else 0.0)  # noqa: E731 - one line
        return app.run(station, lock=lock)

    def painted():
        (secrets / "locked").write_text(str(time.monotonic()))
        threading.Thread(target=wait_for_the_end, daemon=True).start()

    def wait_for_the_end():
        while not (secrets / "end").exists():
            time.sleep(0.02)
        os._exit(0)

    return app.run(DeskStation(data, Devices(None, None), reports=False), painted=painted)


if __name__ == "__main__":
    sys.exit(launcher.launch(desk, sys.argv[1:3], Path(sys.argv[1]), launcher.load_desk))
