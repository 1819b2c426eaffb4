"""Which rungs of a case are due, and who hears of it."""
