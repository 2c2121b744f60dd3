"""What systemd is given: units that it understands, a service it finds well confined, sockets that it opens for us."""

import os
import re
import shutil
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from support.daemon import ENVIRONMENT, DaemonProcess, free_port
from support.desk import plain_mail
from support.lmtp import UnixLmtp
from support.server import required
from support.systemd import Manager

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
MOST_EXPOSED = 1.5


def tool(name):
    return required(name, "systemd")


def test_the_service_is_confined():
    done = subprocess.run(
        [tool("systemd-analyze"), "security", "--offline=true", "--no-pager", str(UNITS / "mailgate.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for mailgate\.service: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= MOST_EXPOSED


def test_systemd_understands_every_unit(tmp_path):
    for path in UNITS.glob("mailgate*"):
        text = path.read_text().replace("/opt/mailgate/bin/mailgate", sys.executable)
        (tmp_path / path.name).write_text(text)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 7
    shutil.copy(tmp_path / "mailgate-job@.service", tmp_path / "mailgate-job@digest.service")
    shutil.copy(tmp_path / "mailgate-job@.timer", tmp_path / "mailgate-job@digest.timer")
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", *(name.replace("@", "@digest") for name in names)],
        cwd=tmp_path,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write a system's folders")
def test_users_and_folders_are_made(tmp_path):
    (tmp_path / "etc").mkdir()
    for name, folder in (("systemd-sysusers", "sysusers.d"), ("systemd-tmpfiles", "tmpfiles.d")):
        words = ["--create"] if name == "systemd-tmpfiles" else []
        subprocess.run([tool(name), f"--root={tmp_path}", *words, UNITS / folder / "mailgate.conf"], check=True)
    user = next(line for line in (tmp_path / "etc/passwd").read_text().splitlines() if line.startswith("mailgate:"))
    assert user.endswith(":/var/lib/mailgate:/usr/sbin/nologin")
    number = int(user.split(":")[2])
    for folder, owner, mode in (("etc/mailgate/credentials", 0, 0o700), ("var/lib/mailgate", number, 0o700)):
        found = (tmp_path / folder).stat()
        assert (found.st_uid, found.st_mode & 0o777) == (owner, mode), folder


def test_sockets_come_from_systemd_and_it_hears_that_we_are_ready(tmp_path):
    activate = tool("systemd-socket-activate")
    daemon, port, path = DaemonProcess(tmp_path / "desk"), free_port(), tmp_path / "lmtp.sock"
    with Manager(tmp_path) as manager, (tmp_path / "log").open("wb") as log:
        environment = {**ENVIRONMENT, **manager.environment}
        words = [f"--setenv={name}={environment[name]}" for name in (*manager.environment, "PYTHONPATH")]
        process = subprocess.Popen(
            [activate, f"-l127.0.0.1:{port}", f"-l{path}", "--fdname=smtp:lmtp", *words, *daemon.command("run")],
            cwd=daemon.folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            daemon.process, daemon.port, daemon.log = process, port, tmp_path / "log"
            daemon.until(path.exists, "systemd's sockets")
            mail = plain_mail("Was kostet das?\n", From="kim@kunde.invalid", Message_ID="<1@k.invalid>")
            daemon.send(mail)  # the connection starts the daemon
            manager.until("READY=1")
            with UnixLmtp(path) as lmtp:
                assert lmtp.send(mail.replace(b"<1@", b"<2@"), "kim@kunde.invalid", ["support@example.org"]) == [250]
            rows = daemon.json("message", "list")
            assert sorted(row["transport"] for row in rows) == ["lmtp", "smtp"]
            with pytest.raises(OSError):
                smtplib.SMTP("127.0.0.1", configured_port(daemon), timeout=5)
            assert daemon.stop() == 0
            assert path.exists(), "the socket is systemd's"
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def configured_port(daemon):
    return int(re.search(r'listen = \["127\.0\.0\.1:([0-9]+)"', daemon.config.read_text())[1])
