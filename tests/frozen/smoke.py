"""The frozen program, as someone who only has its folder would use it. `./run smoke` builds it and runs this.

No test of pytest's: it needs the build, and nothing of this project's environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = (
    Path(__file__).resolve().parents[2] / "dist" / "kiosk" / ("kiosk.exe" if os.name == "nt" else "kiosk")
)
PATIENCE = 180
HOUSEHOLD = {
    "address": "熊本県熊本市中央区手取本町1-1",
    "members": [{"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"}],
}


def kiosk(*arguments: str, folder: Path) -> str:
    """Run one command in `folder`, away from the sources and their environment; its standard output."""
    kept = ("HOME", "LANG", "SYSTEMROOT", "TEMP", "TMPDIR", "USERPROFILE")
    surroundings = {name: os.environ[name] for name in kept if name in os.environ}
    begun = time.monotonic()
    ended = subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=surroundings | {"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        encoding="utf-8",
    )
    print(f"smoke: kiosk {arguments[0]}: {time.monotonic() - begun:.1f} s", flush=True)
    if ended.returncode or "Traceback" in ended.stderr:
        sys.exit(
            f"smoke: kiosk {' '.join(arguments)} ended with {ended.returncode}\n{ended.stdout}{ended.stderr}"
        )
    return ended.stdout


def main() -> None:
    """Help, selftest, a pass issued and scanned from a picture, a whole demo."""
    with tempfile.TemporaryDirectory(prefix="kiosk-smoke-") as name:
        folder = Path(name)
        assert "demo" in kiosk("--help", folder=folder)
        assert json.loads(kiosk("selftest", "--json", folder=folder))["ok"]

        (folder / "household.json").write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
        kiosk(
            "pass", "keygen", "--issuer", "431001", "--out", "key.pem", "--trust", "trust.json", folder=folder
        )
        issuing = ("--key", "key.pem", "--issuer", "431001", "--out", "pass.png")
        kiosk("pass", "issue", "household.json", *issuing, folder=folder)
        seen = json.loads(kiosk("scan", "pass.png", "--trust", "trust.json", "--json", folder=folder))
        assert seen["verdict"] == "accepted", seen

        told = json.loads(kiosk("demo", "--households", "12", "--json", "--out", "demo", folder=folder))
        assert told["households"] == told["hq_households"] == 12, told
        assert told["lost"] == told["duplicated"] == 0, told
    print("smoke: the frozen program reads, receives, syncs and reports")


if __name__ == "__main__":
    main()
