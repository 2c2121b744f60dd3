"""How an agent closes: the words and the name go along, the rest of the signature does not."""

_WORDS = (
    "viele grüße", "viele gruesse", "viele grüsse", "mit freundlich", "mit besten", "mit vielen",
    "freundliche", "beste g", "besten gruß", "besten dank", "liebe g", "lieben gruß", "schöne g",
    "sonnige g", "herzliche", "gruß", "grüße", "grüsse", "gruss", "hochachtungsvoll", "vielen dank", "danke",
    "mfg", "vg", "lg", "bg", "best", "kind", "regards", "many thanks", "thanks", "thank you", "cheers",
    "sincerely", "yours", "warm", "all the best",
)  # fmt: skip
_THANKS = ("vielen dank", "besten dank", "danke", "thank", "many thanks", "cheers")
_LONGEST_NAME = 40
_NO_NAME = frozenset("@|/:\\<>()*=+_0123456789")


def closing(signature: str) -> str:
    """The words of farewell and the one name below them; "" where the signature does not begin with such words.

    Addresses, numbers, firms and "sent from my telephone" stay behind.
    """
    lines = [line.strip() for line in signature.split("\n")[:8]]
    said = [line for line in lines if line]
    if not said or not said[0].casefold().startswith(_WORDS) or len(said[0]) > _LONGEST_NAME:
        return ""
    if len(said) == 1 or not _is_name(said[1]):
        return said[0]
    gap = lines.index(said[1]) - lines.index(said[0]) > 1
    return f"{said[0]}\n\n{said[1]}" if gap else f"{said[0]}\n{said[1]}"


def says_nothing(text: str) -> bool:
    """True for an empty text, and for nothing but a farewell, as mail programs write it below whatever is sent.

    Thanks without a name below may be all that somebody means to say.
    """
    said = [line.strip() for line in text.split("\n", 20) if line.strip()]
    if len(said) > 2 or not said:
        return not said
    if len(said) == 1 and said[0].casefold().startswith(_THANKS):
        return False
    return closing(text.strip()).split() == text.split()


def _is_name(line: str) -> bool:
    return len(line) <= _LONGEST_NAME and not line.startswith("--") and _NO_NAME.isdisjoint(line)
