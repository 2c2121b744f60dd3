"""Service: the use cases, one transaction each. The way of one message reads from top to bottom in `process.py`.

The shell around the core: it reads facts, asks the core to decide and plan, and has the store carry the plan out.
Everything here is synchronous and runs in worker threads; a connection or a clock is always handed in.
"""
