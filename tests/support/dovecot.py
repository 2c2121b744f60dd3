"""A Dovecot of the test's own (Debian's package): own folder and port; the system's instance is never touched."""

import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from support.daemon import free_port
from support.server import PATH, required, until_it_listens, without

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
imap_capability = {capability}
default_process_limit = 20
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
"""


class Dovecot:
    """IMAP on `port` (STARTTLS) and `tls_port`; the user `support` with the password `secret`. Needs root."""

    password = "secret"

    def __init__(self, *, capability=""):
        _require()
        self.port, self.tls_port = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="mailgate-dc-"))  # paths of sockets must be short
        self.folder.chmod(0o755)
        owner = pwd.getpwnam("nobody")
        (self.folder / "mail").mkdir()
        os.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        self._certificate()
        text = _CONFIG.format(
            folder=self.folder,
            port=self.port,
            tls_port=self.tls_port,
            password=self.password,
            ssl="yes",
            capability=capability,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        )
        (self.folder / "dovecot.conf").write_text(text)
        self.process = None

    @property
    def certificate(self):
        """The certificate to trust."""
        return self.folder / "cert.pem"

    def _certificate(self):
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        names = ["-addext", "subjectAltName=DNS:localhost"]
        files = ["-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"]
        subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)

    def __enter__(self):
        command = ["dovecot", "-F", "-c", self.folder / "dovecot.conf"]
        with (self.folder / "start.log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PATH": PATH})
        try:
            until_it_listens(self.process, self.port, self.log, greeting=b"* OK")
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        """What Dovecot says."""
        paths = (self.folder / "start.log", self.folder / "log")
        return "".join(path.read_text(errors="replace") for path in paths if path.exists())

    def client(self):
        """A connection of another client, logged in, with INBOX selected."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login("support", self.password)
        client.select("INBOX")
        return client

    def put(self, raw, folder="INBOX"):
        """A mail arrives."""
        client = self.client()
        assert client.append(folder, None, None, raw)[0] == "OK"
        client.logout()

    def mails(self, folder="INBOX"):
        """The mails of a folder, and their flags."""
        client = self.client()
        if client.select(folder)[0] != "OK":
            return []
        numbers = client.search(None, "ALL")[1][0].split()
        found = [client.fetch(number, "(FLAGS BODY.PEEK[])")[1][0] for number in numbers]
        client.logout()
        return [(head, raw) for head, raw in found]


def _require():
    required("dovecot", "dovecot-imapd", "Dovecot")
    if os.geteuid() != 0:
        without("only root can start this Dovecot: run the tests as root")
