"""The crew: workers here or on other machines, the journal of what is done, and files anywhere."""
