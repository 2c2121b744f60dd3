"""The desk: from a case to a decision, from a decision to a plan."""
