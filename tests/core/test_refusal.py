from mailgate.core.mail.refusal import Refusals, Verdict


def test_ob_03_a_refusal_of_a_recipient_is_believed():
    refusals = Refusals()
    assert refusals.refused(1, about_us=False) is Verdict.BELIEVED


def test_ob_07_a_refusal_that_speaks_of_us_is_asked_again_and_then_stops_all():
    refusals = Refusals()
    assert [refusals.refused(mail, about_us=True) for mail in (1, 2, 3, 4)] == [
        Verdict.ASK_AGAIN,
        Verdict.ASK_AGAIN,
        Verdict.STOPPED,
        Verdict.STOPPED,
    ]


def test_ob_07_even_one_mail_alone_is_held_and_not_failed():
    refusals = Refusals()
    assert [refusals.refused(1, about_us=True) for _ in range(3)][-1] is Verdict.STOPPED


def test_it_is_believed_once_another_mail_was_taken_since():
    refusals = Refusals()
    refusals.taken(9)
    assert refusals.refused(1, about_us=True) is Verdict.ASK_AGAIN  # what was taken before it proves nothing
    refusals.taken(2)
    assert refusals.refused(1, about_us=True) is Verdict.BELIEVED
    assert refusals.refused(3, about_us=True) is Verdict.ASK_AGAIN


def test_a_mail_that_is_taken_after_all_ends_the_row():
    refusals = Refusals()
    for mail in range(10):
        assert refusals.refused(mail, about_us=False) is Verdict.BELIEVED
    refusals.taken(99)
    for mail in range(10):
        assert refusals.refused(mail, about_us=False) is Verdict.BELIEVED
    assert refusals.refused(11, about_us=False) is Verdict.STOPPED


def test_what_it_remembers_is_bounded():
    refusals = Refusals()
    for mail in range(10_050):
        refusals.refused(mail, about_us=True)
    assert len(refusals._doubted) == 10_000
