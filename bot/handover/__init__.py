"""How an intake reaches the clinic it was sent to, and what comes back from there."""
