"""What a critical report lacks."""

import pytest

from mailgate.core.who.missing import ALL_FACTS, missing_facts
from mailgate.core.who.request import Reference, ReferenceType

SERVER = (Reference(ReferenceType.SERVER, "srv-web-01"),)


@pytest.mark.parametrize(
    ("text", "references", "missing"),
    [
        ("alles tot", (), ("server", "service", "start-time", "diagnostics")),
        ("SSH tot seit 05:50 MEZ, traceroute anbei", SERVER, ()),
        ("SSH tot seit 05:50, traceroute anbei", SERVER, ("time-zone",)),
        ("https down since 0:30 UTC, curl says refused", SERVER, ()),
        ("web down for ten minutes, log attached", SERVER, ()),
        ("Mail steht seit einer halben Stunde, Log anbei", SERVER, ()),
        ("smtp weg seit 8 Uhr", SERVER, ("time-zone", "diagnostics")),
        ("ping fehlt seit 2025-03-01T05:50:00Z, Konsole leer", SERVER, ()),
    ],
)
def test_missing_facts(text, references, missing):
    assert missing_facts("", text, references) == missing
    assert set(missing) <= set(ALL_FACTS)


def test_the_subject_counts_too():
    assert "service" not in missing_facts("SMTP", "alles tot", SERVER)
