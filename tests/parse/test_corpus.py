"""Every mail of the shared corpus is read, where that is at hand."""

import time
from pathlib import Path

import pytest

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
        begin = time.process_time()
        try:
            parse(path.read_bytes())
        except TooComplex:
            continue
        except Exception as error:  # noqa: BLE001 - all failures are told at the end
            failed.append(f"{path.parent.name}: {type(error).__name__}")
        if time.process_time() - begin > 2:
            failed.append(f"{path.parent.name}: slow")
    assert failed == []
