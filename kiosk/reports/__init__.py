"""Reports: what the figures of a reception say, as tables and charts. Pure: no ledger, no files, no clock.

`figures` prints numbers, `baselines` are published trials, `timings` and `receptions` make a `Report`
of rows they are given, `formats` turns a `Report` into bytes.
"""
