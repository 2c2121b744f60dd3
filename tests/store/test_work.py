import threading

from support.rows import at

from mailgate.store.work import take_lease


def take(database, owner, seconds, *, length=60, name="imap"):
    return database.write(lambda session: take_lease(session, name, owner, at(seconds), at(seconds + length)))


def test_one_holder_at_a_time(database):
    assert take(database, "a", 0) == 1
    assert take(database, "b", 30) is None
    assert take(database, "b", 30, name="other") == 1


def test_a_holder_prolongs_and_keeps_its_number(database):
    assert take(database, "a", 0) == 1
    assert take(database, "a", 30) == 1
    assert take(database, "b", 80) is None


def test_cr_14_a_new_holder_gets_a_higher_number(database):
    assert take(database, "a", 0) == 1
    assert take(database, "b", 61) == 2
    assert take(database, "a", 62) is None
    assert take(database, "a", 200) == 3


def test_a_race_has_one_winner(database):
    start = threading.Barrier(4)
    won = []

    def node(owner):
        start.wait(60)
        if take(database, owner, 0) is not None:
            won.append(owner)

    threads = [threading.Thread(target=node, args=(f"n{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(won) == 1
