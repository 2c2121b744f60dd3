"""Mail through a next hop that does all that a next hop can do to it; `tools/hostile.py` plays ten thousand."""

import pytest
from support.hostile import draw, figures, judge, play


@pytest.mark.slow
async def test_ob_01_to_ob_07_every_recipient_ends_right_whatever_the_next_hop_does(tmp_path):
    fates = draw(600, seed=7)
    story = await play(tmp_path, fates, seed=7)
    assert judge(story) == [], figures(story)
    seen = figures(story)
    assert set(seen["by state"]) == {"sent", "failed"}
    assert set(seen["by fate"]) == {"later", "refused", "cut", "lost", "partial", "taken"}
