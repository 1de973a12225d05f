"""Who: the people of a folder or a list, and what is wrong with them before any work."""
