"""Reads a My Number card: name, address, birth and sex, with the holder's consent and nothing else.

`reader.CardDesk` is the way in for a desk; `pcsc.PcscPort` and `simulated.SimulatedReader` are the
readers it works on, `watcher.Watcher` tells when cards come and go. `my_number` is the conversation
itself, without input or output.

This room imports nothing of ours, and refuses to know what a reception is.
"""
