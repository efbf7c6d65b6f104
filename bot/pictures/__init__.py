"""Pictures: what a patient told, and what was found, marked on a figure of the body.

`findings` says what is to be marked, `chain` and `pointing` draw it, `painter` makes the image of
a drawing and keeps it.
"""
