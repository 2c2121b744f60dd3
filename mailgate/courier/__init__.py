"""Couriers: finished bytes go to the next hop or into a Maildir; each attempt ends as Sent, Deferred or Failed.

The only room that knows aiosmtplib. A courier never changes the bytes, decides nothing and remembers nothing.
"""
