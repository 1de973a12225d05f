"""Framing: where the frame lies on the photo, and why there."""
