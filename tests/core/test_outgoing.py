"""Which delivery reports are believed (threats R-40, R-41)."""

import itertools
from dataclasses import replace

import pytest
from support.cases import NOW

from mailgate.core.desk.outgoing import Fate, Outgoing, Reported, fate, why_failed
from mailgate.core.mail.mail import Report, ReportKind, ReportRecipient

KIM = "kim@kunde.example"
MAIL = Outgoing(
    1, "receipt", KIM, "k.1001@example.org", 1001, automatic=True, attempted=True, undelivered=False, created_at=NOW
)


def failed(address=KIM, status="5.1.1", action="failed"):
    return ReportRecipient(address, action, status, permanent=action == "failed")


def said(*recipients, kind=ReportKind.DELIVERY, by_key=True, by_id=True, null_path=True, by_machine=True, mail=MAIL):
    report = Report(kind, recipients, None)
    return fate(report, Reported(mail, by_key=by_key, by_id=by_id), null_path=null_path, by_machine=by_machine)


@pytest.mark.parametrize(("by_key", "by_id"), [(True, True), (True, False), (False, True)])
def test_r_41_two_signs_make_up_for_one_thing_that_does_not_fit(by_key, by_id):
    for right, null_path, by_machine in itertools.product((True, False), repeat=3):
        answer = said(
            failed(KIM if right else "eve@evil.example"),
            by_key=by_key, by_id=by_id, null_path=null_path, by_machine=by_machine,
        )  # fmt: skip
        both = by_key and by_id
        expected = (right and null_path) or (both and null_path) or (both and right and by_machine)
        assert (answer is Fate.UNDELIVERED) == expected, (right, null_path, by_machine)
        assert answer in {Fate.UNDELIVERED, Fate.DOUBTFUL}


@pytest.mark.parametrize("kind", [ReportKind.SUCCESS, ReportKind.DISPOSITION, ReportKind.FEEDBACK])
def test_r_40_other_reports_are_news(kind):
    assert said(failed(), kind=kind) is Fate.NEWS


def test_r_40_only_the_action_tells_a_failure_from_a_delay():
    assert said(failed(status="4.4.7")) is Fate.UNDELIVERED
    assert said(failed(action="delayed", status="4.4.7")) is Fate.NEWS
    assert said() is Fate.NEWS
    assert said(failed("eve@evil.example"), failed(action="delayed")) is Fate.NEWS
    assert said(failed("eve@evil.example"), failed()) is Fate.UNDELIVERED


def test_what_never_left_us_cannot_bounce():
    assert said(failed(), mail=replace(MAIL, attempted=False)) is Fate.DOUBTFUL


def test_the_failure_of_our_recipient_is_named():
    report = Report(ReportKind.DELIVERY, (failed("x@y.example", "5.7.1"), failed(status="4.4.7")), None)
    assert why_failed(report, MAIL) == "bounced with status 4.4.7"
    assert why_failed(Report(ReportKind.DELIVERY, (failed(status=None),), None), MAIL) == "bounced"
