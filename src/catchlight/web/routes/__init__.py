"""What is served, by kind."""
