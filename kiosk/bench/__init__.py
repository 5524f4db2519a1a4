"""The performance figures, measured where this program runs.

One module a subject, each with `measure(rounds) -> Result`. Peers that can run here run in the same loop,
turn by turn, so that a slow moment meets both; peers that can not are quoted and marked so. Targets stand
beside the figures and are judged by whoever reads them: nothing here fails because a machine is slow.
It refuses to know how the figures are printed.
"""
