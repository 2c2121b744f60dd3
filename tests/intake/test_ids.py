import re

from hypothesis import given
from hypothesis import strategies as st

from mailgate.intake.ids import envelope_id, new_id

MOMENT = st.tuples(st.integers(0, 2**48 - 1), st.binary(min_size=4, max_size=4))


@given(st.lists(MOMENT, min_size=2, max_size=5, unique=True))
def test_law_ids_sort_as_time_does(moments):
    ids = [envelope_id(*moment) for moment in sorted(moments)]
    assert ids == sorted(set(ids))


def test_an_id_is_short_and_plain():
    assert re.fullmatch(r"m[0-9a-v]{16}", new_id())
    assert len({new_id() for _ in range(1000)}) == 1000
