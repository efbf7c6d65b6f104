"""Who signed the protocol off, and whether that is the protocol that runs."""
