"""What the bot answers: from a patient's record and what happened to the next record and screens.

Pure: no channel, no clock, no database. `understanding` turns what happened into an `Action`,
`deeds` carries it out on a `Turn`, `dialogue` is the one way in.
"""
