"""The cut-out: which pixels of a photo are its sitter, decided once, at the head's own scale."""
