"""What a stranger learns about accounts: nothing, neither by words nor by the time that the answer takes."""

import asyncio
import statistics
import time

import pytest
from support.database import new_sqlite
from support.desk import CONFIG, Desk, plain_mail

from mailgate.core.who.identity import Account, Contact, Role
from mailgate.store.accounts import import_accounts

SAMPLES = 200
WARM_UP = 5
FREE = "[receipts]\nper_hour = 100000\nper_day = 100000\ndesk_per_hour = 1000000\n"
ASKS = "Guten Tag,\n\nbitte starten Sie unseren Server neu, Kundennummer {}.\n\nMit freundlichen Grüßen\nKim\n"


class Stopwatch:
    """A desk whose courier notes when the answer to the sender leaves."""

    def __init__(self, desk):
        self.desk, self.left = desk, 0.0
        taken = desk.courier.answer

        def note(parcel):
            if parcel.recipient.startswith("kim-"):
                self.left = time.perf_counter()
            return taken(parcel)

        desk.courier.answer = note

    def ask(self, number, sample):
        """Seconds from the arrival of a stranger's request to its answer."""
        sender = f"kim-{sample}@stranger.invalid"
        raw = plain_mail(ASKS.format(number), From=f"Kim <{sender}>", Message_ID=f"<{sample}@stranger.invalid>")
        begun, self.left = time.perf_counter(), 0.0
        self.desk.receive(raw, sender=sender)
        asyncio.run(self.desk.deliver())
        assert self.left, "no answer"
        return self.left - begun


@pytest.mark.slow
def test_bs_05_the_answer_takes_no_longer_where_the_account_exists(tmp_path):
    config = CONFIG.replace("[[departments]]", f"{FREE}\n[[departments]]", 1)
    desk = Desk(tmp_path, new_sqlite(tmp_path / "store"), config=config)
    accounts = [
        Account(str(30000 + n), f"Kunde {n}", "de", None, (Contact(f"chef@kunde-{n}.example", "Chef", Role.OWNER),))
        for n in range(SAMPLES + WARM_UP)
    ]
    desk.database.decide(lambda session: import_accounts(session, accounts, replace=False, now=desk.clock))
    watch, there, absent = Stopwatch(desk), [], []
    for sample in range(SAMPLES + WARM_UP):
        if sample % 20 == 19:
            desk.advance(hours=2)  # or the budget of answers to unproved addresses is used up
        there.append(watch.ask(30000 + sample, f"a{sample}"))
        absent.append(watch.ask(60000 + sample, f"b{sample}"))
    asked = sum(parcel.recipient.startswith("chef@") for parcel in desk.courier.parcels)
    desk.close()
    assert asked == SAMPLES + WARM_UP
    medians = [statistics.median(times[WARM_UP:]) for times in (there, absent)]
    print(
        f"existing {medians[0] * 1000:.2f} ms, absent {medians[1] * 1000:.2f} ms, ratio {medians[0] / medians[1]:.3f}"
    )
    assert 0.5 < medians[0] / medians[1] < 2
