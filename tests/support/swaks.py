"""swaks, the Swiss army knife of SMTP (Debian's package): a client that shares no code with ours."""

import subprocess

from support.server import required


def required_swaks():
    """The path of swaks; skips the test where it is not installed."""
    return required("swaks", "swaks")


def swaks(port, *options, sender="kim@kunde.invalid", to=("support@example.org",)):
    """Send a mail with swaks' own options, as a person would; returns the transcript, fails on a refusal."""
    command = [required_swaks(), "--server", f"127.0.0.1:{port}", "--helo", "client.invalid", "--from", sender or "<>"]
    command += ["--to", ",".join(to), *map(str, options)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")[-2000:]
    return done.stdout.decode(errors="replace")


def swaks_bytes(port, raw, folder, **envelope):
    """Send these bytes. swaks would mend them; told not to, it leaves the dots (RFC 5321 §4.5.2) to its caller too."""
    lines = [b"." + line if line.startswith(b".") else line for line in raw.split(b"\r\n")]
    wire = b"\r\n".join(lines)
    file = folder / "swaks.data"
    file.write_bytes(wire + (b".\r\n" if not wire or wire.endswith(b"\r\n") else b"\r\n.\r\n"))
    return swaks(port, "--data", f"@{file}", "--no-data-fixup", **envelope)
