"""Our own words in both languages."""

from mailgate.core.who.missing import ALL_FACTS
from mailgate.core.who.request import RequestKind
from mailgate.render.words import KINDS, MARKERS, MISSING, local_time, marker, missing_in_words


def test_every_fact_and_kind_has_words_in_every_language():
    assert KINDS.keys() == MISSING.keys() == MARKERS.keys() == {"de", "en"}
    for language in ("de", "en"):
        assert set(MISSING[language]) == set(ALL_FACTS)
        assert set(KINDS[language]) == {kind.value for kind in RequestKind}


def test_the_marker_is_one_the_parser_looks_for():
    from mailgate.parse.body import read_body

    for language in ("de", "en"):
        body = read_body(f"Antwort\n\n{marker(language)}\n\nalt\n", None, is_reply=True, subject="Re: x")
        assert body.reply_text.strip() == "Antwort"


def test_times_are_local_to_the_desk():
    assert local_time("2026-03-02T10:00:00+00:00", "de", "Europe/Berlin") == "02.03.2026, 11:00 Uhr (MEZ)"
    assert local_time("2026-07-02T10:00:00+00:00", "en", "Europe/Berlin") == "2 July 2026, 12:00 CEST"


def test_a_language_without_words_of_ours_speaks_english():
    assert missing_in_words("service", "fr") == MISSING["en"]["service"]
    assert marker("fr") == MARKERS["en"]
