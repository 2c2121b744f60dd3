"""Every mail of the shared corpus is read, where that is at hand."""

from pathlib import Path

import pytest
from support.cost import within

from mailgate.parse.errors import TooComplex
from mailgate.parse.message import parse

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.mark.corpus
def test_every_mail_of_the_corpus_is_read_in_time():
    mails = sorted(CORPUS.glob("*/*.eml"))
    if not mails:
        pytest.skip("no mails in ../shared/corpus")
    failed = []
    for path in mails:
        raw = path.read_bytes()
        try:
            within(200, lambda: parse(raw), "slow:")  # noqa: B023 - called at once
        except TooComplex:
            continue
        except Exception as error:  # noqa: BLE001 - all failures are told at the end
            failed.append(f"{path.parent.name}: {type(error).__name__}: {error}")
    assert failed == []
