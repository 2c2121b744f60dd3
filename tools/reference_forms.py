"""Numbers and names of other forms, so that the model of references learns what stands around and not one host's form.

Seeded: the same generator gives the same forms.
"""

import random
import re
from typing import Any

from mailgate.core.who.decide import Seen

_LETTERS = "ABCDEFGHKLMNPRSTUVWXYZ"
_MIXED = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_PREFIXES = {
    "customer": "K KD C CU D M U CUST KN DE AT P".split(),
    "order": "ORD B AB SO A PO O AUF BST W OR".split(),
    "invoice": "INV RE RG R F FA AR IN RN DE BILL".split(),
}
_GROUPS = (
    (2, 4),
    (3, 3),
    (4, 4),
    (2, 5),
    (3, 4),
    (2, 3),
    (2, 2, 2),
    (1, 3, 3),
    (2, 3, 3),
    (3, 2, 2),
    (1, 4, 3),
    (3, 3, 3),
    (1, 1, 1, 1, 1),
)
_YEARS = ("2024", "2025", "2026", "25", "26", "202611")
_WORDS = (
    "web app db mail srv node vs vm kvm host root media build stage prod shop crm erp git ci cache proxy lb gw mx "
    "backup store nas fs api worker render game ts pbx log mon atlas kiln lyra orion zeus hermes titan falke adler "
    "luchs pluto heron saturn kolibri nova termin praxis kasse lager files calc sim gpu ml dc core edge hv pve xen esx "
    "bm ded s h v"
).split()
_PLACES = (
    "fra ffm nbg fsn hel ber hh muc ams lon ldn par vie zrh osl cph nue dc1 dc2 rz1 rz2 eu us de uk lhr2 k8s".split()
)
_INNER = "rz4 dc3 rz1 fra1 nbg intern lan local cust dc2".split()


def digits(generator: random.Random, count: int) -> str:
    """A number of so many digits; one in seven may begin with 0."""
    first = generator.randint(1, 9) if generator.random() < 0.85 else 0
    return str(first) + "".join(str(generator.randint(0, 9)) for _ in range(count - 1))


def number(generator: random.Random, kind: str) -> str:
    """A number as some host may write it."""
    value, pick = _figures(generator), generator.random()
    if pick < 0.38:
        own = _PREFIXES.get(kind, ["X"])
        random_letters = "".join(generator.choice(_LETTERS) for _ in range(generator.choice([1, 1, 2, 2, 3])))
        prefix = generator.choice(own) if generator.random() < 0.6 else random_letters
        value = prefix + generator.choice(["-", "-", "-", "", "/", "."]) + value.replace(" ", "-")
    elif pick > 0.96:
        value = "-".join("".join(generator.choice(_MIXED) for _ in range(4)) for _ in range(2)) + "7"
    if generator.random() < 0.08:
        value += generator.choice(["-A", "-B", "/A", "-1", "/2", "-DE", "-K"])
    return value


def _figures(generator: random.Random) -> str:
    pick, some = generator.random(), digits(generator, generator.choice([4, 5, 5, 6, 6, 7]))
    if pick < 0.22:
        return digits(generator, generator.choice([5, 5, 6, 6, 7, 8, 9, 4]))
    if pick < 0.40:
        return generator.choice([" ", " ", ".", "-", "-"]).join(digits(generator, n) for n in generator.choice(_GROUPS))
    if pick < 0.55:
        year, joint = generator.choice(_YEARS), generator.choice(["-", "/"])
        month = f"{year}/{generator.randint(1, 12):02}/{some}"
        return generator.choice([f"{year}{joint}{some}", f"{some}{joint}{year}", month])
    if pick < 0.75:
        return some
    return f"{digits(generator, generator.choice([2, 3]))}-{digits(generator, generator.choice([4, 5]))}"


def machine(generator: random.Random) -> str:
    """The name of a machine as some people may give it."""
    word, other, place = (generator.choice(names) for names in (_WORDS, _WORDS, _PLACES))
    count = str(
        generator.choice([generator.randint(1, 9), f"{generator.randint(1, 20):02}", generator.randint(10, 9999)])
    )
    last = generator.choice(["a", "b", "alt", "neu", "old", "new", "master", "replica", "1a", "2b"])
    forms = (
        (6, f"{word}-{place}-{count}"), (4, f"{word}-{count}"), (3, f"{word}{count}"), (2, f"{word}-{other}-{count}"),
        (2, f"{place}-{word}-{count}"), (1, f"{word}-{count}.{generator.choice(_INNER)}"), (1, f"{word}-{other}"),
        (1, f"{word}-{place}-{generator.choice('abc')}{count[0]}"), (1, f"{word}-{last}"),
        (1, f"{generator.choice('hsv')}{digits(generator, 6)}"),
    )  # fmt: skip
    name = generator.choices([form for _, form in forms], [weight for weight, _ in forms])[0]
    case = generator.random()
    return name.upper() if case < 0.1 else name.capitalize() if case < 0.16 else name


def varied(row: dict[str, Any], seen: list[Seen], generator: random.Random) -> dict[str, Any]:
    """The mail with other forms of its references, and of half of the long numbers that are none."""
    named = {item["value"]: item["type"] for item in row["references"]}
    kept = [value.lower() for value in (*named, *(item["value"] for item in row.get("references_optional", [])))]
    other: dict[str, str] = {}
    for value, kind in named.items():
        if kind in _PREFIXES:
            other[value] = number(generator, kind)
        elif kind == "server" and "." not in value:
            other[value] = machine(generator)
    for item in seen:
        value = item.candidate.value
        if any(value.lower() in keep or keep in value.lower() for keep in kept) or re.fullmatch(r"\d*\.[\d.]*", value):
            continue
        if 5 <= sum(character.isdigit() for character in value) <= 14 and generator.random() < 0.5:
            other[value] = number(generator, "")
    changed = dict(row)
    for field in ("subject", "text"):
        for old in sorted(other, key=len, reverse=True):
            changed[field] = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", other[old], changed[field], flags=re.IGNORECASE)
    changed["references"] = [{**item, "value": other.get(item["value"], item["value"])} for item in row["references"]]
    return changed
