"""Commands at the top of an agent's mail: every name, every habit of mail programs, and no half block."""

from datetime import timedelta

import pytest

from mailgate.core.desk.command import SPELLINGS, name_of, read_block
from mailgate.core.desk.command_kinds import (
    Ack,
    AddPeople,
    Assign,
    Close,
    Confirm,
    Deny,
    Help,
    MarkSpam,
    Merge,
    Move,
    Note,
    OnBehalf,
    Release,
    Reopen,
    SetAccount,
    SetPriority,
    Stop,
    Take,
    Wait,
    Wrong,
)  # fmt: skip
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.request import Priority

EXAMPLES = {
    "!ack": Ack(), "!gesehen": Ack(),
    "!take": Take(), "!übernehmen": Take(), "!uebernehmen": Take(),
    "!assign sam": Assign("sam"), "!zuweisen sam": Assign("sam"),
    "!close": Close(), "!schließen": Close(), "!schliessen": Close(),
    "!open": Reopen(), "!öffnen": Reopen(), "!oeffnen": Reopen(),
    "!wait 3d": Wait(timedelta(days=3)), "!warten 3d": Wait(timedelta(days=3)), "!wait": Wait(),
    "!note Bitte Vorsicht": Note("Bitte Vorsicht"), "!notiz x": Note("x"),
    "!priority high": SetPriority(Priority.HIGH), "!priorität hoch": SetPriority(Priority.HIGH),
    "!prioritaet normal": SetPriority(Priority.NORMAL),
    "!department billing": Move("billing"), "!abteilung billing": Move("billing"),
    "!account 12345": SetAccount("12345"), "!konto #12345": SetAccount("12345"),
    "!confirm": Confirm(), "!bestätigen am Telefon": Confirm("am Telefon"), "!bestaetigen": Confirm(),
    "!release called back": Release("called back"), "!freigeben zurückgerufen": Release("zurückgerufen"),
    "!deny": Deny(), "!ablehnen Betrug": Deny("Betrug"),
    "!merge 1042": Merge(1042), "!zusammenführen [#1042]": Merge(1042), "!zusammenfuehren #1042": Merge(1042),
    "!cc lea@kunde.invalid": AddPeople((Mailbox("", "lea@kunde.invalid"),)),
    "!spam": MarkSpam(),
    "!for 12345": OnBehalf("12345"), "!für 12345": OnBehalf("12345"), "!fuer 12345": OnBehalf("12345"),
    "!stop": Stop(),
    "!help": Help(), "!hilfe": Help(), "!help close": Help(),
}  # fmt: skip


def the_one(text):
    block = read_block(text)
    assert block.errors == (), block.errors
    assert len(block.commands) == 1
    return block.commands[0]


@pytest.mark.parametrize(("line", "command"), EXAMPLES.items())
def test_every_name_in_both_languages(line, command):
    assert the_one(line) == command
    head, _, value = line.partition(" ")
    assert the_one(f"{head.upper()} {value}") == command


def test_no_name_is_without_an_example():
    named = {line.split()[0] for line in EXAMPLES}
    assert {f"!{name}" for spelling in SPELLINGS for name in spelling.names} == named
    assert {name_of(command) for command in EXAMPLES.values()} == {f"!{item.names[0]}" for item in SPELLINGS}


@pytest.mark.parametrize(
    "text",
    [
        "!close\n\nGuten Tag",
        "\n\n \n!close\nGuten Tag",
        "\u00a0!close\u00a0\n\u00a0\nGuten Tag",
        "\uff01close\nGuten Tag",  # full-width
        "\u2757close\nGuten Tag",  # a phone's sign
        "\u2757\ufe0fclose\nGuten Tag",
        "\ufeff!close\nGuten Tag",
        "\u200b!close\u200b\nGuten Tag",
        "!Close.\nGuten Tag",
        "! close\nGuten Tag",
        "!!close\nGuten Tag",
        "!close:\nGuten Tag",
        "*!close*\n\nGuten Tag",  # bold, as programs write it in plain text
        "!*close*\nGuten Tag",
        "!close   \t \nGuten Tag",
        "!schlie\u00dfen\nGuten Tag",
        "!SCHLIE\u1e9eEN\nGuten Tag",
        "!close\r\nGuten Tag".replace("\r", ""),
        "!\uff43\uff4c\uff4f\uff53\uff45\nGuten Tag",
    ],
)
def test_habits_of_mail_programs(text):
    assert the_one(text) == Close()
    assert read_block(text).rest == "Guten Tag"


def test_letters_and_their_dots_may_be_apart():
    assert the_one("!u\u0308bernehmen") == Take()


@pytest.mark.parametrize(
    "value", ["„billing“", "“billing”", '"billing"', "«billing»", "billing.", " billing ", "*billing*"]
)
def test_quotes_that_were_corrected_into_a_value(value):
    assert the_one(f"!department {value}") == Move("billing")


def test_dashes_that_were_corrected_into_a_value():
    assert the_one("!department e\u2011mail") == Move("e-mail")
    assert the_one("!account AB\u201312") == SetAccount("AB-12")


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("3d", timedelta(days=3)),
        ("3 d", timedelta(days=3)),
        ("1 Tag", timedelta(days=1)),
        ("3 Tage", timedelta(days=3)),
        ("2 weeks", timedelta(weeks=2)),
        ("2 Wochen", timedelta(weeks=2)),
        ("4h", timedelta(hours=4)),
        ("4 Stunden", timedelta(hours=4)),
        ("30min", timedelta(minutes=30)),
    ],
)
def test_spans(value, span):
    assert the_one(f"!wait {value}") == Wait(span)


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("Lea <Lea@Kunde.Invalid>", [("Lea", "Lea@kunde.invalid")]),
        ("lea@kunde.invalid<mailto:lea@kunde.invalid>", [("", "lea@kunde.invalid")]),
        ("<lea@kunde.invalid>", [("", "lea@kunde.invalid")]),
        ("mailto:lea@kunde.invalid", [("", "lea@kunde.invalid")]),
        ("a@x.invalid, B <b@x.invalid>; a@x.invalid", [("", "a@x.invalid"), ("B", "b@x.invalid")]),
    ],
)
def test_people(typed, people):
    command = the_one(f"!cc {typed}")
    assert [(item.name, item.address.lower()) for item in command.people] == [
        (name, address.lower()) for name, address in people
    ]


@pytest.mark.parametrize(
    ("line", "wrong", "hint"),
    [
        ("!clsoe", Wrong.UNKNOWN_COMMAND, "!close"),
        ("!ubernehmen", Wrong.UNKNOWN_COMMAND, "!uebernehmen"),
        ("!schliesen", Wrong.UNKNOWN_COMMAND, "!schliessen"),
        ("!xyzzy", Wrong.UNKNOWN_COMMAND, ""),
        ("!", Wrong.UNKNOWN_COMMAND, ""),
        ("!assign", Wrong.NO_VALUE, "!assign NAME"),
        ("!release", Wrong.NO_VALUE, "!release REASON"),
        ("!close bitte", Wrong.SURPLUS, ""),
        ("!take !close", Wrong.SURPLUS, ""),
        ("!wait soon", Wrong.BAD_SPAN, "3d"),
        ("!wait 0d", Wrong.BAD_SPAN, "3d"),
        ("!wait 400d", Wrong.BAD_SPAN, "3d"),
        ("!wait -3d", Wrong.BAD_SPAN, "3d"),
        ("!priority hihg", Wrong.BAD_PRIORITY, "high"),
        ("!merge abc", Wrong.BAD_NUMBER, "1042"),
        ("!merge 99999999999", Wrong.BAD_NUMBER, "1042"),
        ("!account ; DROP", Wrong.BAD_NUMBER, "12345"),
        ("!cc lea", Wrong.BAD_ADDRESS, "name@example.org"),
        ("!cc lea@", Wrong.BAD_ADDRESS, "name@example.org"),
        ("!cc lea@[127.0.0.1]", Wrong.BAD_ADDRESS, "name@example.org"),
        ("!cc jürgen@kunde.invalid", Wrong.BAD_ADDRESS, "name@example.org"),
        ("!cc a@x.invalid b@x.invalid", Wrong.BAD_ADDRESS, "name@example.org"),
        ("!note", Wrong.NO_VALUE, "!note TEXT"),
    ],
)
def test_ag_02_a_bad_line_is_named_with_the_nearest_right_one(line, wrong, hint):
    block = read_block(f"!ack\n{line}")
    assert [(bad.line, bad.wrong, bad.hint) for bad in block.errors] == [(line, wrong, hint)]


def test_every_bad_line_is_named_at_once():
    block = read_block("!clsoe\n!assign\n!ack\n\nGuten Tag")
    assert [bad.line for bad in block.errors] == ["!clsoe", "!assign"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("!close\n!open", Wrong.CONTRADICTS),
        ("!close\n!wait 3d", Wrong.CONTRADICTS),
        ("!take\n!assign sam", Wrong.CONTRADICTS),
        ("!confirm\n\n!deny", Wrong.CONTRADICTS),
        ("!close\n!schließen", Wrong.TWICE),
        ("!assign sam\n!assign alex", Wrong.TWICE),
        ("!ack\n!for 12345", Wrong.NOT_FIRST),
    ],
)
def test_what_cannot_stand_together(text, wrong):
    assert [bad.wrong for bad in read_block(text).errors] == [wrong]


def test_release_and_close_may_stand_together():
    assert read_block("!release called back\n!close").commands == (Release("called back"), Close())


def test_too_many():
    assert [bad.wrong for bad in read_block("!note x\n" * 21).errors] == [Wrong.TOO_MANY]
    assert read_block("!note x\n" * 20).errors == ()


def test_several_commands_and_the_reply():
    block = read_block("!take\n\n!wait 3d\n!cc lea@kunde.invalid\n\nGuten Tag,\n\n!bitte neu starten\n")
    assert [name_of(item) for item in block.commands] == ["!take", "!wait", "!cc"]
    assert block.lines == ("!take", "!wait 3d", "!cc lea@kunde.invalid")
    assert block.rest == "Guten Tag,\n\n!bitte neu starten"


def test_ag_03_a_note_goes_on_to_the_blank_line_for_programs_wrap_lines():
    block = read_block("!note Der Kunde zahlt schlecht,\nbitte erst nachfragen\n\nGuten Tag")
    assert block.commands == (Note("Der Kunde zahlt schlecht,\nbitte erst nachfragen"),)
    assert block.rest == "Guten Tag"


@pytest.mark.parametrize("line", ["!release called back", "!confirm", "!confirm called back", "!ablehnen kein Kunde"])
def test_ag_02_what_stands_right_below_a_reason_is_neither_lost_in_it_nor_sent(line):
    block = read_block(f"!take\n{line}\nGuten Tag,\n\nder Server läuft wieder.\n")
    assert [(bad.line, bad.wrong, bad.value) for bad in block.errors] == [(line, Wrong.NO_GAP, "Guten Tag,")]
    assert block.rest.startswith("Guten Tag,")


def test_a_reason_ends_with_its_line():
    block = read_block("!release called back\n!close\nGuten Tag,\nes läuft.")
    assert block.commands == (Release("called back"), Close())
    assert block.rest == "Guten Tag,\nes läuft."
    assert read_block("!freigeben *angerufen*  \n\nGuten Tag").commands == (Release("*angerufen*"),)


def test_ag_03_a_note_alone_makes_all_the_rest_internal():
    block = read_block("!note\n!ack\n\nErster Absatz\n\nZweiter Absatz\n")
    assert block.commands == (Ack(), Note("Erster Absatz\n\nZweiter Absatz"))
    assert block.rest == ""


def test_ag_03_of_a_broken_block_the_note_is_not_taken_for_the_reply():
    block = read_block("!note\n!clsoe\n\nintern\n")
    assert block.errors
    assert block.rest == ""


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag,\n!close",
        "> !close",
        "| !close",
        "Am 1.3. schrieb Kim:\n!close",
        "",
        "   \n\n",
        "close",
        "¡close",
        "-- \n!close",
        ".!close",
    ],
)
def test_ag_02_only_the_top_of_the_text_holds_commands(text):
    block = read_block(text)
    assert block.is_empty
    assert block.rest == text.strip()


def test_long_lines_are_cut_in_errors_and_read_in_linear_time():
    block = read_block("!" + "x" * 1_000_000 + "\n!cc " + "<" * 100_000)
    assert all(len(bad.line) <= 120 and len(bad.value) <= 120 for bad in block.errors)
    assert len(block.errors) == 2
