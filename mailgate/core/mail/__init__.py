"""What a mail is: the envelope it came in, the parsed message, and what kind of mail it is."""
