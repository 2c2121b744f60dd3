"""A Postfix of the test's own (Debian's package): own folder, ports and queue; the system's instance is never touched."""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from support.daemon import free_port
from support.server import PATH, required, until_it_listens, without

# Postfix ends when this shell's standard input does: also where the test process was killed and could not stop it.
_GUARD = """
postfix -c "$1/etc" start-fg & script=$!
cat >/dev/null
kill $(cat "$1/queue/pid/master.pid")
wait "$script"
rm -rf "$1"
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = {hostname}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_tls_security_level = none
queue_minfree = 0
message_size_limit = 26214400
mailbox_size_limit = 0
biff = no
# a deferred mail is tried again within seconds
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
# mail for the desk goes to the daemon, mail for customers into one Maildir, any other nowhere
relay_domains = {desk}
relay_transport = {relay}
default_transport = error:5.1.2 the test's Postfix sends nothing to the world
virtual_mailbox_domains = {customers}, gone.invalid
virtual_mailbox_base = {folder}
virtual_mailbox_maps = inline:{{ {mailboxes} }}
smtpd_reject_unlisted_recipient = no
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
{main}
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
pickup unix n - n 60 1 pickup
showq unix n - n - - showq
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
lmtp unix - - n - - lmtp
{master}
"""


class Postfix:
    """Takes mail on `port`: for `desk` it hands it on to `relay`, for `customers` (domains, with commas) into a Maildir.

    `relay` is a port of SMTP or any transport of Postfix; `{folder}` in it, in `main` and in `master` is our folder.
    Mail for `gone.invalid` it takes, and bounces.
    """

    def __init__(
        self,
        relay,
        *,
        port=None,
        desk="example.org",
        customers="kunde.invalid",
        hostname="mx.kunde.invalid",
        main="",
        master="",
    ):
        self.root = _required()
        self.port = port or free_port()
        # Postfix's own user has to get in, and the paths of its sockets must be short: pytest's folders are neither
        self.folder = Path(tempfile.mkdtemp(prefix="mailgate-pf-"))
        self.folder.chmod(0o755)
        owner = pwd.getpwuid(os.geteuid() or pwd.getpwnam("nobody").pw_uid)
        values = {
            "folder": self.folder,
            "port": self.port,
            "relay": str(relay).replace("{folder}", str(self.folder))
            if isinstance(relay, str)
            else f"smtp:[127.0.0.1]:{relay}",
            "main": main.replace("{folder}", str(self.folder)),
            "master": master.replace("{folder}", str(self.folder)),
            "desk": desk,
            "customers": customers,
            "mailboxes": ", ".join(f"@{domain.strip()}=mailbox/" for domain in customers.split(",")),
            "hostname": hostname,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
        }
        for name in ("etc", "queue", "data"):
            (self.folder / name).mkdir()
        (self.folder / "etc" / "main.cf").write_text(_MAIN.format(**values))
        (self.folder / "etc" / "master.cf").write_text(_MASTER.format(**values))
        mailbox = self.folder / "mailbox"
        for path in (mailbox, *(mailbox / part for part in ("tmp", "new", "cur"))):
            path.mkdir()
            os.chown(path, owner.pw_uid, owner.pw_gid)
        self.process = None

    def __enter__(self):
        postfix = pwd.getpwnam("postfix")
        self._as_root("chown", "-R", "0:0", self.folder / "queue", self.folder / "etc")
        self._as_root("chown", f"{postfix.pw_uid}:{postfix.pw_gid}", self.folder / "data")
        with (self.folder / "start.log").open("wb") as log:
            self.process = subprocess.Popen(
                [*self.root, "sh", "-c", _GUARD, "sh", self.folder],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PATH": PATH},
            )
        self._await()
        return self

    def __exit__(self, *exc):
        self.process.stdin.close()
        self.process.wait(30)

    def mails(self):
        """What the Maildir has: bytes with LF, Postfix's own fields on top, in the order of arrival."""
        paths = sorted((self.folder / "mailbox" / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_bytes() for path in paths]

    def log(self):
        """What Postfix says about what it did."""
        return "".join(
            path.read_text(errors="replace")
            for path in (self.folder / "start.log", self.folder / "log")
            if path.exists()
        )

    def _as_root(self, *command):
        subprocess.run(
            [*self.root, *map(str, command)], check=True, capture_output=True, env={**os.environ, "PATH": PATH}
        )

    def _await(self):
        try:
            until_it_listens(self.process, self.port, self.log, greeting=b"220 ")
        except AssertionError:
            self.__exit__()
            raise


def _required():
    """How a command becomes root's: (), or ("sudo", "-n"). Skips the test where Postfix is absent or cannot be started."""
    required("postfix", "postfix", "Postfix")
    if os.geteuid() == 0:
        return ()
    sudo = ("sudo", "-n")
    if (
        shutil.which("sudo") is None
        or subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode != 0
    ):
        without(
            f"Postfix starts as root only: run the tests as root, or let sudo work without a password ({shlex.join(sudo)})"
        )
    return sudo
