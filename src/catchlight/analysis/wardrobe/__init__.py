"""What the sitter wears, as the picture shows it: measured, and said in plain words."""
