"""The commands of the command line, one module each.

Each module has `add(commands)`, which describes the command, and a function that carries it out
and returns the exit status: 0, or 1 for a finding.
"""
