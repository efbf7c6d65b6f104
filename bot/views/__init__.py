"""What a patient is shown, built from the conversation and the words; free of any channel."""
