"""Restoration: what a poor source lost, and how much may be had back."""
