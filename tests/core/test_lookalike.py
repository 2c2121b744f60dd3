import random
import string

import pytest
from support.cost import within

from mailgate.core.who.address import canonical_domain, same
from mailgate.core.who.lookalike import lookalike


@pytest.mark.parametrize(
    "domain, registered",
    [
        ("stadtwerke-koeln.de", "stadtwerkekoeln.de"),
        ("stadtwerke.com", "stadtwerke.de"),
        ("stadtwerke.de.evil.example", "stadtwerke.de"),
        ("stadtwerke-de.com", "stadtwerke.de"),
        ("stadtwerke.evil.example", "stadtwerke.de"),
        ("stadtwerke-support.de", "stadtwerke.de"),
        ("stadtwerlce.de", "stadtwerke.de"),
        ("stadtwrke.de", "stadtwerke.de"),
        ("satdtwerke.de", "stadtwerke.de"),
        ("rnueller.de", "mueller.de"),
        ("xn--mller-kva.de", "mueller.de"),
        ("muIler.de".lower(), "muller.de"),
        ("g00gle.com", "google.com"),
        ("dh1.de", "dhl.de"),
        ("vvebhost.de", "webhost.de"),
        ("kunde.co.uk", "kunde.de"),
    ],
)
def test_id_05_lookalikes_are_pointed_out(domain, registered):
    assert lookalike(domain, ["unrelated.example", registered]) == registered
    assert not same(f"a@{domain}", f"a@{registered}")


def test_id_06_homoglyph_domains_are_pointed_out():
    for fake in ("\u0430pple.com", "аррӏе.com", "applé.com", "ɑpple.com"):
        domain = canonical_domain(fake)
        assert domain is not None
        assert domain != "apple.com"
        assert lookalike(domain, ["apple.com"]) == "apple.com"


@pytest.mark.parametrize(
    "domain, registered",
    [
        ("kunde.de", "kunde.de"),
        ("mail.kunde.de", "kunde.de"),
        ("kunde.de", "mail.kunde.de"),
        ("abc.de", "abd.de"),
        ("abc.com", "abc.de"),
        ("baecker-schmidt.de", "stadtwerke.de"),
        ("mail.example.org", "mail.de"),
        ("server.evil.example", "server.de"),
        ("kleider.de", "stadtwerke-koeln.de"),
    ],
)
def test_id_05_what_is_no_lookalike(domain, registered):
    assert lookalike(domain, [registered]) is None


def test_id_05_500_generated_variants_match_nobody_and_most_are_pointed_out():
    rng = random.Random(5)
    base = "stadtwerke-neustadt"
    registered = f"{base}.de"
    variants = set()
    while len(variants) < 500:
        letters = list(base)
        for _ in range(rng.choice((1, 1, 2))):
            at = rng.randrange(1, len(letters) - 1)
            kind = rng.randrange(4)
            if kind == 0:
                letters[at] = rng.choice(string.ascii_lowercase)
            elif kind == 1:
                letters.insert(at, rng.choice(string.ascii_lowercase + "-"))
            elif kind == 2:
                letters.pop(at)
            else:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
        label = "".join(letters)
        if label != base and not label.startswith("-") and not label.endswith("-"):
            variants.add(label + ".de")
    assert not any(same(f"a@{variant}", f"a@{registered}") for variant in variants)
    seen = sum(lookalike(variant, [registered]) == registered for variant in variants)
    assert seen >= 0.97 * len(variants)  # a doubled or lost letter may fall into a sequence and count twice


@pytest.mark.slow
def test_lookalike_of_a_hundred_thousand_registered_domains_is_quick():
    registered = [f"firma-{number:06d}.de" for number in range(100_000)]
    assert within(500, lambda: lookalike("unbekannt-gmbh.example", registered)) is None
