"""Advice on clothes: what the picture shows, in plain words, and the custom of the trade."""
