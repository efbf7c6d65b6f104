"""What both sides of the press have to know."""

LIMIT = 15.0
"""Seconds that an order may take, the start of the process among them; one takes a tenth of one."""
