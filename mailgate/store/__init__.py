"""The store: all that is kept, on SQLite or PostgreSQL by the same code. The only room that knows SQLModel.

`engine` opens the database and runs functions in transactions; `writer` stores accepted mails in shared commits.
The functions of the other modules take the session of such a transaction: `inbound` (a mail's way), `facts` and
`accounts` (what a decision rests on), `apply` (a plan becomes rows), `outbox` (what is owed), `queries` and `messages`
(what is printed), `work` (leases, jobs), `pins`. `tables` and `migrations` are the schema; errors are in `errors`.
"""
