"""The public holidays of the German states as their laws say, against what the calendars close on."""

from datetime import date

import pytest

from mailgate.config.holidays import check_holidays, public_holidays

YEARS = (2025, 2026, 2027)
STATES = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH".split()
EVERYWHERE = " ".join(STATES)
# Name: states, and the days of 2025, 2026 and 2027. From the holiday laws of the states (FTG, FeiertG, SonnFeiertG):
# all name the first nine; the 3rd of October is the Unification Treaty's (Art. 2).
LAW = {
    "Neujahr": (EVERYWHERE, "01-01 01-01 01-01"),
    "Karfreitag": (EVERYWHERE, "04-18 04-03 03-26"),
    "Ostermontag": (EVERYWHERE, "04-21 04-06 03-29"),
    "1. Mai": (EVERYWHERE, "05-01 05-01 05-01"),
    "Christi Himmelfahrt": (EVERYWHERE, "05-29 05-14 05-06"),
    "Pfingstmontag": (EVERYWHERE, "06-09 05-25 05-17"),
    "Tag der Deutschen Einheit": (EVERYWHERE, "10-03 10-03 10-03"),
    "1. Weihnachtstag": (EVERYWHERE, "12-25 12-25 12-25"),
    "2. Weihnachtstag": (EVERYWHERE, "12-26 12-26 12-26"),
    "Heilige Drei Könige": ("BW BY ST", "01-06 01-06 01-06"),
    "Internationaler Frauentag": ("BE MV", "03-08 03-08 03-08"),
    "Ostersonntag": ("BB", "04-20 04-05 03-28"),
    "Pfingstsonntag": ("BB", "06-08 05-24 05-16"),
    "80 Jahre Befreiung vom Nationalsozialismus": ("BE", "05-08 - -"),
    "Fronleichnam": ("BW BY HE NW RP SL", "06-19 06-04 05-27"),
    "Mariä Himmelfahrt": ("BY SL", "08-15 08-15 08-15"),
    "Weltkindertag": ("TH", "09-20 09-20 09-20"),
    "Reformationstag": ("BB HB HH MV NI SH SN ST TH", "10-31 10-31 10-31"),
    "Allerheiligen": ("BW BY NW RP SL", "11-01 11-01 11-01"),
    "Buß- und Bettag": ("SN", "11-19 11-18 11-17"),
}


def by_law(state, year):
    at = YEARS.index(year)
    days = (days.split()[at] for states, days in LAW.values() if state in states.split())
    return {date.fromisoformat(f"{year}-{day}") for day in days if day != "-"}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("state", STATES)
def test_the_holidays_of_a_state_are_those_of_its_law(state, year):
    found = {day for day in public_holidays(f"DE-{state}") if day.year == year}
    assert found == by_law(state, year)


def test_the_table_has_as_many_days_as_the_laws():
    """Berlin had eleven in 2025 alone; Bavaria and the Saarland have most."""
    counts = {state: len(by_law(state, 2026)) for state in STATES}
    assert counts == {"BB": 12, "BE": 10, "BW": 12, "BY": 13, "HB": 10, "HE": 10, "HH": 10, "MV": 11, "NI": 10, "NW": 11, "RP": 11, "SH": 10,
                          "SL": 12, "SN": 11, "ST": 11, "TH": 11}  # fmt: skip
    assert len(by_law("BE", 2025)) == 11


def test_names_are_those_of_the_country_whatever_the_language_of_the_operator(monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    public_holidays.cache_clear()
    assert public_holidays("DE-SN")[date(2026, 11, 18)] == "Buß- und Bettag"
    assert date(2026, 1, 1) in public_holidays("AT")
    assert public_holidays("US")[date(2026, 11, 26)] == "Thanksgiving Day"


@pytest.mark.parametrize("value", ["DE", "DE-NW", "AT", "CH-ZH", "US", "US-NY"])
def test_countries_and_states_are_known(value):
    assert check_holidays(value) == value
    assert len(public_holidays(value)) > 300


@pytest.mark.parametrize(
    "value, hint",
    [
        ("DE-NRW", 'did you mean "DE-NW"'),
        ("XX", 'no holidays are known of "XX"'),
        ("de-nw", "is no country and state"),
        ("DE-", "is no country and state"),
        ("", "is no country and state"),
        ("AT-99", "is no state of AT"),
    ],
)
def test_a_place_without_holidays_is_refused(value, hint):
    with pytest.raises(ValueError, match=hint):
        check_holidays(value)
