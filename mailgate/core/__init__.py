"""The pure core: values and decisions. No I/O, no clock, no randomness; libraries: idna alone.

What a mail is (`mail/`), who asks (`who/`), what follows for a ticket (`desk/`) and when it is due (`time/`).
Everything here can be tested without a socket, a file or a database.
"""
