import tomllib

from hypothesis import given
from hypothesis import strategies as st

from mailgate.config.toml_lines import line_numbers

TEXT = '''\
# comment with "quotes" and [brackets]
top = 1
"quoted key" = "a # no comment [x]"
dotted.key."with.dot" = true

[table]  # [other]
multi = """
line \\""" still
[no table]
key = no key
end""\"""
literal = \'\'\'
"""
x = 1\'\'\'
path = 'C:\\'
list = [  # ]
  "a]",
  { x = 1, y = [2,
     3] },

  [1, 2],
]
when = 2026-01-31 08:15:00  # a date with a space
inline = { a = { b = "}" }, c.d = 1 }

[[array]]
name = "one"

[array.sub]
deep = 1

[[array.nested]]
n = 1
[[array.nested]]
n = 2

[[array]]
name = "two"
[a.b."c d"]
x = 0
'''


def test_lines_of_every_kind_of_key():
    assert tomllib.loads(TEXT)
    lines = line_numbers(TEXT)
    expected = {
        ("top",): 2,
        ("quoted key",): 3,
        ("dotted", "key", "with.dot"): 4,
        ("table",): 6,
        ("table", "multi"): 7,
        ("table", "literal"): 12,
        ("table", "path"): 15,
        ("table", "list"): 16,
        ("table", "list", 0): 17,
        ("table", "list", 1, "x"): 18,
        ("table", "list", 1, "y", 1): 19,
        ("table", "list", 2, 1): 21,
        ("table", "when"): 23,
        ("table", "inline", "a", "b"): 24,
        ("table", "inline", "c", "d"): 24,
        ("array",): 26,
        ("array", 0, "name"): 27,
        ("array", 0, "sub", "deep"): 30,
        ("array", 0, "nested", 0, "n"): 33,
        ("array", 0, "nested", 1, "n"): 35,
        ("array", 1): 37,
        ("array", 1, "name"): 38,
        ("a", "b", "c d", "x"): 40,
    }
    assert {path: lines.get(path) for path in expected} == expected


def paths(value, above=()):
    """The path of every key and list item of a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*above, key)
        yield from paths(item, (*above, key))


def test_every_key_that_tomllib_sees_has_a_line():
    assert set(paths(tomllib.loads(TEXT))) == set(line_numbers(TEXT))


KEYS = st.text(st.sampled_from('ab-_1"\\.# ]='), min_size=1, max_size=6)
STRINGS = st.text(st.sampled_from("ab\"'\\#[]{},=\n é"), max_size=12)
VALUES = st.recursive(
    st.integers()
    | st.booleans()
    | STRINGS
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda x: float(f"{x:.3f}")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def styled(draw):  # noqa: C901 - one small case for each kind of value
    """A TOML text with known values, its strings in any of the four notations."""

    def string(text):
        basic = '"' + "".join(f"\\u{ord(c):04x}" if c in '"\\\n' else c for c in text) + '"'
        forms = [basic, '"""\n' + "".join("\\" + c if c in '"\\' else c for c in text) + '"""']
        if "'" not in text:
            forms.append("'''\n" + text + "'''")
            if "\n" not in text:
                forms.append(f"'{text}'")
        return draw(st.sampled_from(forms))

    def key(text):
        bare = all(c in "ab-_1" for c in text)
        return text if bare and draw(st.booleans()) else '"' + "".join(f"\\u{ord(c):04x}" for c in text) + '"'

    def value(item):
        if isinstance(item, bool):
            return str(item).lower()
        if isinstance(item, str):
            return string(item)
        if isinstance(item, dict):
            return "{" + ", ".join(f"{key(k)} = {value(v)}" for k, v in item.items()) + "}"
        if isinstance(item, list):
            gap = draw(st.sampled_from([", ", ",\n  ", " , # ] x\n"]))
            return "[" + gap.join(value(v) for v in item) + draw(st.sampled_from(["]", "\n]"]))
        return repr(item)

    tables = draw(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
    lines = []
    for name, table in tables.items():
        lines.append(f"[{key(name)}]")
        lines += [f"{key(k)} = {value(v)}" for k, v in table.items()]
    return "\n".join(lines), tables


@given(styled())
def test_any_valid_text_is_read_like_tomllib_reads_it(sample):
    text, data = sample
    assert tomllib.loads(text) == data
    lines = line_numbers(text)
    assert set(lines) == set(paths(data))
    rows = text.split("\n")
    for path, line in lines.items():
        if len(path) == 1:
            assert rows[line - 1].startswith("[")
