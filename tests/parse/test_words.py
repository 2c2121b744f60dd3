"""Encoded words, whole and broken."""

import pytest
from support.cost import within

from mailgate.parse.words import decode_words

U = "\u00fc"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?J=C3=BCrgen?=", f"J{U}rgen"),
        ("=?UTF-8?B?SsO8cmdlbg==?=", f"J{U}rgen"),
        ("=?iso-8859-1?Q?J=FCrgen_M=FCller?=", f"J{U}rgen M{U}ller"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", U),  # a character cut in two
        ("=?utf-8?b?w7w?=", U),  # no padding
        ("=?utf-8?b?w7w?= =?utf-8?b?w7w?=", U + U),  # each without its padding
        ("=?utf-8?b?R3LDvM?= =?UTF-8?B?Of?=", f"Gr{U}\u00df"),  # letters cut anywhere
        ("=?utf-8?b?R3LDv?=\r\n =?utf-8?b?MO?= =?utf-8?b?f?= x", f"Gr{U}\u00df x"),
        ("=?utf-8?b?R3LDvM?= =?utf-8?q?x?=", f"Gr{U}x"),
        ("=?utf-8?b?w7w====?=", U),
        ("=?utf-8?q?a b?=", "a b"),  # blanks within
        ("=?utf-8?q?what??=", "what?"),
        ("=?utf-8*de?q?J=C3=BC?=", f"J{U}"),
        ("=?utf-8?q?J=C3=BC?=x", f"J{U}x"),
        ("x=?utf-8?q?J=C3=BC?=", f"xJ{U}"),
        ("=?utf-8?q?cut=C3=BC", f"cut{U}"),  # the end is missing
        ("=?iso-8859-1?q?a=FC?= =?utf-8?q?=C3=BC?=", f"a{U}{U}"),
        ("=?us-ascii?q?Gr=FC=DFe?=", f"Gr{U}\u00dfe"),  # a lie
        ("=?x?y?z?=", "=?x?y?z?="),
        ("=?=?=", "=?=?="),
        ("=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
        ("=?gb2312?b?xOO6ww==?=", "\u4f60\u597d"),
        ("=?iso-2022-jp?b?GyRCJDMkcxsoQg==?=", "\u3053\u3093"),
    ],
)
def test_words(value, text):
    assert decode_words(value) == text


@pytest.mark.parametrize("piece", ["=?utf-8?q?", "=?utf-8?q?a?= ", "=?", "=?a?b?", "?=", "=?a?b?YWJjZ?= "])
def test_mb_06_words_without_end_take_linear_time(piece):
    within(50, lambda: decode_words(piece * (16_384 // len(piece))))
