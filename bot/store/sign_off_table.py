"""The table of sign-offs and every statement run on it, the same for every database.

A migration is never edited once released.
"""

from typing import Final

TABLE: Final = """
CREATE TABLE sign_off (number INTEGER PRIMARY KEY, text TEXT NOT NULL, seal TEXT NOT NULL)
"""

EVERY: Final = "SELECT number, text, seal FROM sign_off ORDER BY number"

# The number is taken once, whoever else adds at this moment.
ADD: Final = (
    "INSERT INTO sign_off (number, text, seal) VALUES ($1, $2, $3)"
    " ON CONFLICT (number) DO NOTHING RETURNING number"
)
