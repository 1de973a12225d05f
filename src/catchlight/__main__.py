"""``python -m catchlight``."""

from catchlight.cli import main

main(prog_name="catchlight")
