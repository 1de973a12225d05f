"""``python -m catchlight``."""

from catchlight.cli import main

# Worker processes read this module, too.
if __name__ == "__main__":
    main(prog_name="catchlight")
