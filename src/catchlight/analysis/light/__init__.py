"""Light: where it comes from, how hard, what it throws, and what it tells of skin."""
