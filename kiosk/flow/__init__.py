"""The desk's screens as a table: (state, input) → next state and what shall be done.

States say what a screen draws, inputs what people, devices and the ledger said, effects what the bridge
has to do next. There is no Qt here, no clock and no device: everything comes in as a value. A pair that
is neither in `TABLE` nor in `IGNORED` is our bug. Secret digits and passphrases never show in a `repr`.

Rules that hold everywhere: a code is received the moment it is decoded, and can be taken back for a
while; the fourth digit submits; the last try of a card is never spent; one broken device closes one way
in, never the desk; a household that could not be written down stays on the screen for another try.

`values` · `inputs` · `states` · `effects` know nothing of each other's use; `steps` says what follows,
screen by screen; `table` puts the steps together and answers.
"""

from __future__ import annotations

from kiosk.flow.choices import *
from kiosk.flow.effects import *
from kiosk.flow.inputs import *
from kiosk.flow.kinds import *
from kiosk.flow.orders import *
from kiosk.flow.states import *
from kiosk.flow.steps.common import wait_of as wait_of
from kiosk.flow.steps.door import begin as begin
from kiosk.flow.steps.founding import begin_founding as begin_founding
from kiosk.flow.steps.house import AUDIT_SHOWN as AUDIT_SHOWN
from kiosk.flow.table import *
from kiosk.flow.values import *
