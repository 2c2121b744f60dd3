"""Render: a notice and its template become RFC 5322 bytes. The only room that knows Jinja2.

Templates are the operator's files, never text of a mail; values from mails go through `clean_header` before a header
and stand as plain text in a body. Nothing here asks a clock, a database or the network.
"""
