"""A client for LMTP on a unix socket (RFC 2033)."""

import smtplib


class UnixLmtp:
    """Use it in a `with`."""

    def __init__(self, path, host="client.invalid"):
        self.client = smtplib.LMTP(str(path), local_hostname=host)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.client.close()

    def send(self, raw, sender, recipients):
        """One transaction; the codes of the replies after the dot, one for each recipient."""
        self.client.ehlo_or_helo_if_needed()
        self.client.mail(sender)
        for address in recipients:
            code, reply = self.client.rcpt(address)
            assert code == 250, reply
        codes = [self.client.data(raw)[0]]
        return codes + [self.client.getreply()[0] for _ in recipients[1:]]
