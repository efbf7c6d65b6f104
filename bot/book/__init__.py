"""The protocol as a book: one model of what stands in it, and three ways to show it."""
