"""A clinic's staff in their own group: how it is linked, what is posted there, who may do what."""
