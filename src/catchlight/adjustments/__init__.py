"""One file per adjustment; ``catalogue.py`` is the visible, ordered list."""
