"""Each scenario: as it is, with bare line feeds, with each mail delivered twice, on both databases, and under faults."""

import pytest
from support.database import new_sqlite
from support.scenario import Run, Scenario, compare, names


@pytest.fixture(params=names())
def scenario(request):
    return Scenario(request.param)


@pytest.mark.parametrize("line_end", [b"\r\n", pytest.param(b"\n", marks=pytest.mark.slow)], ids=["crlf", "lf"])
def test_the_scenario_ends_as_expected(scenario, tmp_path, line_end):
    with Run(scenario, tmp_path, new_sqlite(tmp_path / "store"), line_end=line_end) as run:
        state = run.play()
        assert compare(scenario, state, [parcel.raw for parcel in run.desk.courier.parcels]) is None
        assert (scenario.folder / "README").read_text("utf-8").strip()


@pytest.mark.slow
def test_delivering_each_mail_twice_changes_nothing(scenario, tmp_path):
    with Run(scenario, tmp_path, new_sqlite(tmp_path / "store"), twice=True) as run:
        state = run.play()
        assert compare(scenario, state, [parcel.raw for parcel in run.desk.courier.parcels]) is None
