"""Provenance: what a file says of its own making: written honestly, and read from anybody's.

``history`` is what was done, as data; ``xmp`` says it in plain metadata, ``sign`` in a signed C2PA
manifest; ``read`` reads both.
"""
