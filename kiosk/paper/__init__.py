"""What is put on paper and shown to phones: codes, a household's pass card, a shelter's poster.

Values in, bytes out. It refuses to know who signed a code and where the bytes go.
"""
