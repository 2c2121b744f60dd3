"""Two daemons that are each other's next hop: a question from one desk to the other makes one ticket on either side."""

import pytest
from support.daemon import DaemonProcess
from support.dns import DnsServer

pytestmark = pytest.mark.e2e

CUSTOMER = "customer_number,name,email,role\n10001,Example Hosting,support@example.org,owner\n"
DELIVERY = 'method = "smtp"\nhost = "127.0.0.1"\nport = {}\ntls = "none"'


def desk(folder, dns, domain):
    """A daemon for the domain, not started; its next hop is given later."""
    made = DaemonProcess(folder, nameserver=dns.address, delivery=DELIVERY.format(1))
    text = made.config.read_text(encoding="utf-8").replace("example.org", domain)
    made.config.write_text(text.replace("[desk]\n", '[desk]\nundo_send = "0s"\n'), encoding="utf-8")
    return made


def send_to(one, next_hop):
    text = one.config.read_text(encoding="utf-8")
    one.config.write_text(text.replace("port = 1\n", f"port = {next_hop.port}\n"), encoding="utf-8")


def settled(one, mails):
    """True once so many mails came in and are decided, and all that is owed to the other desk is sent."""
    rows = one.json("message", "list")
    return (
        len(rows) >= mails
        and all(row["state"] == "done" for row in rows)
        and all(row["state"] == "sent" for row in sent_by(one))
    )


def sent_by(one):
    """What the desk wrote to the other one. Its agents are out of reach here: the next hop relays nothing."""
    return [row for row in one.json("outbox", "list") if not row["to"].startswith("anna@")]


def test_lo_03_a_question_between_two_desks_is_one_ticket_on_either_side(tmp_path):
    with DnsServer() as dns:
        ours, other = desk(tmp_path / "ours", dns, "example.org"), desk(tmp_path / "other", dns, "other.example")
        send_to(ours, other)
        send_to(other, ours)
        file = tmp_path / "customers.csv"
        file.write_text(CUSTOMER, encoding="utf-8")
        with ours, other:
            other.json("account", "import", str(file))
            other.json("ticket", "open", "10001", "Housing", "What does a rack cost in your data centre?")
            ours.until(lambda: settled(ours, 1), "the notice of the other desk")
            other.json("ticket", "reply", "1001", "What does a rack cost in your data centre, please?")
            ours.until(lambda: settled(ours, 2), "the question of the other desk")
            other.until(lambda: settled(other, 3), "our receipt")
            came = [(row["reason"], row["ticket"]) for row in other.json("message", "list")]
            assert came == [("agent-brings", 1001), ("agent-answers", 1001), ("automatic-on-ticket", 1001)]
            came = [(row["reason"], row["ticket"]) for row in ours.json("message", "list")]
            assert came == [("auto-reply", None), ("general-unregistered", 1001)]
            assert [row["kind"] for row in sent_by(ours)] == ["receipt"]
            assert [row["kind"] for row in sent_by(other)] == ["receipt", "reply"]
            assert [len(one.json("ticket", "list")) for one in (ours, other)] == [1, 1]
