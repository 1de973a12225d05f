"""Likeness: is it still them? Components that each say what they saw, and their combination."""
