"""Clinics: what they are, how a patient comes to one, and what an operator can do with them."""
