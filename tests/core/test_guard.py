"""The guard before everything that a customer gets."""

import pytest

from mailgate.core.desk.guard import NO_AGENTS, Guard, Secret

KEY, OTHER = "abcdefghijklmnopqrstuvwxyz", "bcdefghijklmnopqrstuvwxyz2"
GUARD = Guard(("anna@example.org", "a.n@home.example"), ("example.org", "mail.example.org"))


def found(text, **more):
    return [leak.secret for leak in GUARD.leaks(text, **more)]


@pytest.mark.parametrize(
    "text",
    [
        f"support+{KEY}@example.org",
        f"> Note: support+{KEY.upper()}@EXAMPLE.org",
        f"<{KEY}.1042@mail.example.org>",
        f"mailto:support%2B{KEY}%40example.org",
        f"support+{KEY}=40example.org",
        f"support={KEY}@example.org",
    ],
)
def test_th_11_keys_of_others_are_found_in_addresses_ids_links_and_quotes(text):
    assert found(f"Guten Tag\n{text}\n") == [Secret.KEY]
    assert found(text, allowed={KEY}) == []
    assert found(text, allowed={OTHER}) == [Secret.KEY]


@pytest.mark.parametrize(
    "text",
    [
        "donaudampfschifffahrtsgesellschaftskapitaen@example.org",
        f"{KEY} ist das Alphabet",
        f"bounce+{KEY}@anderswo.example",
        "rechtsschutzversicherungsg",
    ],
)
def test_words_and_tokens_of_others_are_no_keys(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["anna@example.org", "<ANNA@Example.ORG>", "> mailto:a.n@home.example.", "x,anna@example.org,"]
)
def test_ag_03_an_agents_address_is_found_however_it_is_written(text):
    assert found(text) == [Secret.AGENT_ADDRESS]
    assert "anna@" not in GUARD.cleaned(text, "support@example.org").lower()
    assert found(GUARD.cleaned(text, "support@example.org")) == []


@pytest.mark.parametrize(
    "text", ["joanna@example.org", "anna@example.org.evil.example", "anna@example.orga", "hanna@example.org"]
)
def test_addresses_that_only_hold_an_agents_are_others(text):
    assert found(text) == []
    assert GUARD.cleaned(text, "support@example.org") == text


NOTE = "Der Kunde zahlt seit drei Monaten nicht.\nBitte nichts mehr zusagen, bevor die Buchhaltung zustimmt!"


@pytest.mark.parametrize(
    "text",
    [
        NOTE,
        "> Der Kunde zahlt seit\n> drei Monaten nicht.\n> Bitte nichts mehr zusagen,\n> bevor die Buchhaltung zustimmt!",
        "Wie Ben schreibt: *bitte nichts mehr zusagen*, bevor die Buchhaltung zustimmt",
        "Leider gilt: nichts mehr zusagen, bevor die Buchhaltung!",
    ],
)
def test_ag_03_a_note_is_found_whole_or_in_part_quoted_or_wrapped(text):
    assert found(f"Guten Tag\n{text}", notes=["ok", NOTE]) == [Secret.NOTE]


def test_short_notes_and_common_words_stop_nobody():
    assert found("Guten Tag, ok, ich sehe nach. Danke!", notes=["ok", "Ich sehe nach", "Danke!\nJa"]) == []


def test_one_thing_is_told_once_and_no_key_is_told_whole():
    leaks = GUARD.leaks(f"support+{KEY}@example.org support+{KEY}@example.org")
    assert len(leaks) == 1
    assert KEY not in leaks[0].shown


def test_a_desk_without_agents_loses_nothing():
    assert NO_AGENTS.leaks("anna@example.org") == ()
    assert NO_AGENTS.cleaned("anna@example.org", "x@y") == "anna@example.org"


def test_the_guard_is_linear_in_hostile_text():
    """Not in seconds: whatever the text, each piece of it is looked at a bounded number of times."""
    for piece in ("a" * 27, "a@", "anna@example.org" * 2, "ab" * 13 + "@", "%40", "." * 30):
        assert isinstance(GUARD.leaks(piece * 20_000), tuple)
