"""The report: what was found, what was done, and what that changed, measured."""
