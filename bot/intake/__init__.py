"""What a patient lets a clinic have: a frozen snapshot, and the forms in which it leaves.

Pure: no channel, no clock, no database. `intake` is the snapshot, `making` takes it, `reference`
names it for people; `summary` and `csv_form` are two of its forms.
"""
