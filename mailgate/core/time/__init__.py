"""Time as values: clocks, calendars, back-off."""
