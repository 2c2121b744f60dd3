"""Jobs: the scheduler's ticks. The only room that knows APScheduler; what is due lives in our tables, not in it."""
