"""Marks of the skin: found, measured, judged."""
