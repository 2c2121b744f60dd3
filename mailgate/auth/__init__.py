"""Auth: who sent a message, as `Evidence`. The only room that asks DNS, and that knows dkimpy, spf3 and authres.

`gather.Gatherer` asks within one deadline and one budget a message; trouble is neither yes nor no. What the evidence is
worth is decided in the core (`core.who.grade`), never here.
"""
