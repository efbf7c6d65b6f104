"""Typesetting in a process of its own: `press` gives the orders, `python -m bot.press` sets them.

The typesetter with its fonts takes as much memory as the rest of the bot, and is wanted a few times
an hour. It also is the one part that is not Python: should it ever crash or hang, only its process
does. Nothing is imported here, so that the process stays small.
"""
