"""The ways in: owns the wire, decides nothing."""
