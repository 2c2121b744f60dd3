import re

from mailgate.core import reply
from mailgate.core.reply import Reply

ALL = {name: value for name, value in vars(reply).items() if isinstance(value, Reply)}


def test_r_16_every_reply_has_an_enhanced_code_of_its_class():
    assert len(ALL) > 40
    for name, value in ALL.items():
        if value.code == 354:
            assert value.enhanced == ""
        else:
            assert re.fullmatch(rf"{value.code // 100}\.[0-9]\.[0-9]", value.enhanced), name


def test_a_reply_is_one_short_ascii_line():
    for value in (*ALL.values(), reply.accepted("m" + "0" * 16)):
        assert str(value).isascii()
        assert str(value).isprintable()
        assert len(str(value)) < 100


def test_is_refusal():
    assert reply.NO_RELAY.is_refusal
    assert not reply.TRY_LATER.is_refusal
