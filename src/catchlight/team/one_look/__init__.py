"""One look: what makes portraits look like one company, measured and brought together."""
