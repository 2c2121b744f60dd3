"""What agents hear of a mail that nobody could read, and of a copy that reached another department."""

from dataclasses import replace

from support.desk import plain_mail
from support.post import ANNA, BEN, CARA, OLGA, SLOW, later, to, words

from mailgate.parse.errors import TooComplex
from mailgate.service.process import Done


class Unable:
    """A parser that says of each mail that it overruns a limit."""

    def parse(self, raw):
        raise TooComplex("600 parts")


def test_a_mail_that_cannot_be_read_is_told_to_agents_and_to_nobody_else(post):
    reads, post.desk.context = post.desk.context.parser, _with(post.desk.context, Unable())
    assert post.desk.receive(plain_mail(), sender="kim@kunde.invalid").done is Done.ASIDE
    (told,) = later(post)
    assert told["To"].addresses[0].addr_spec == BEN  # of the default department
    assert told["Subject"] == "A mail could not be read [#1001]"
    text = words(told)
    assert "A mail from kim@kunde.invalid has arrived and could not be read." in text
    assert "larger or more involved than a mail may be (too-complex: 600 parts)" in text
    assert "mailgate message replay m001" in text
    assert post.ticket(1001)["state"] == "held"
    post.desk.context = _with(post.desk.context, reads)
    row, out = post.send(BEN, "!deny\n", to=told["Reply-To"].addresses[0].addr_spec)
    assert row["outcome"] == "command"
    assert post.ticket(1001)["state"] == "closed"
    assert to(out, "kim@kunde.invalid") == []


def test_a_copy_that_reached_another_department_is_told_to_its_agents_once(post):
    ident = {"Message_ID": "<one@kunde.example>"}
    _, out = post.send(OLGA, SLOW, **ident)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in out) == [ANNA, BEN, OLGA]
    for number in range(2):
        row, out = post.send(OLGA, SLOW, to="billing@example.org", **ident)
        assert (row["outcome"], row["ticket"]) == ("duplicate", 1001)
        assert [mail["To"].addresses[0].addr_spec for mail in out] == ([CARA] if number == 0 else [])
        if out:
            assert "Vorgang 1001 (support) ging auch an Ihre Abteilung" in words(out[0])
            assert SLOW.strip() in out[0].get_content()


def _with(context, parser):
    return replace(context, parser=parser)
