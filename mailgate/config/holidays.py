"""Public holidays by country and state, as plain days for the core: the only module that knows the library."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from mailgate.config.problems import nearest, quoted

_YEARS = range(2000, 2101)  # whatever a clock shows; further on no law is known
# The Assumption is kept in those municipalities of Bavaria that have more Catholics than Protestants, which are most
# of them; the library files it as a Catholic day. Where it is a working day, `days` says so.
_CATEGORIES = {"DE-BY": ("public", "catholic"), "DE-Augsburg": ("public", "catholic")}


def check_holidays(value: str) -> str:
    """`"DE"` or `"DE-NW"`: a country, or a country and one of its states; ValueError names the nearest."""
    from holidays import list_supported_countries  # noqa: PLC0415 - costs 0.1 s, and few commands need it

    known = list_supported_countries(include_aliases=False)
    near = nearest(value, [name for country in known for name in (country, *_states(country, known[country]))])
    if not re.fullmatch(r"[A-Z]{2}(?:-.{1,20})?", value):
        raise ValueError(f'{quoted(value)} is no country and state; write it like "DE-NW"{near}')
    country, _, state = value.partition("-")
    if country not in known:
        raise ValueError(f"{quoted(value)}: no holidays are known of {quoted(country)}{near}")
    if state and state not in known[country]:
        states = ", ".join(known[country]) or "none"
        raise ValueError(f"{quoted(value)} is no state of {country}; they are {states}{near}")
    return value


def _states(country: str, states: list[str]) -> list[str]:
    return [f"{country}-{state}" for state in states]


@cache
def public_holidays(place: str) -> Mapping[date, str]:
    """The public holidays of a place that `check_holidays` let pass, with their names in the country's language."""
    from holidays import country_holidays  # noqa: PLC0415 - as above

    country, _, state = place.partition("-")
    categories = _CATEGORIES.get(place, ("public",))
    plain = country_holidays(country, subdiv=state or None, years=2026)
    found = country_holidays(
        country, subdiv=state or None, years=_YEARS, categories=categories, language=plain.default_language
    )
    return dict(sorted(found.items()))
