"""The command line: `mailgate [--config FILE] NOUN VERB`, one file a noun. Home room of typer.

Exit codes: 0 done, 1 failed, 2 wrong configuration or usage. What programs read comes with `--json`; what people read
is plain text that is safe for a terminal. Heavy rooms are imported inside the commands, so that `--help` stays quick.
"""

from mailgate.cli.main import main

__all__ = ["main"]
