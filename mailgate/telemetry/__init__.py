"""What the process says about itself: the log, and text made safe for logs and terminals.

Set up once by `telemetry.log.setup`; it knows nothing of a mail but its id.
"""
