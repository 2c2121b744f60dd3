import pytest

from mailgate.intake.log import event


@pytest.mark.parametrize(
    "value, shown",
    [
        ("plain", "x=plain"),
        (7, "x=7"),
        ("two words", "x='two words'"),
        ("", "x=''"),
        ("a\nsmtp.accepted id=forged", r"x='a\nsmtp.accepted id=forged'"),
        ("\x1b[2Jü\u202e", r"x='\x1b[2J\xfc\u202e'"),
        ("y" * 500, "x=" + "y" * 200),
    ],
)
def test_in_06_a_value_starts_no_line_of_its_own(value, shown, caplog):
    caplog.set_level("INFO", "mailgate.intake")
    event("smtp.test", x=value)
    [record] = caplog.records
    assert record.getMessage() == f"smtp.test {shown}"
    assert record.event == "smtp.test"
    assert record.values == {"x": value}


def test_what_nobody_reads_is_not_written(caplog):
    caplog.set_level("ERROR", "mailgate.intake")
    event("smtp.test", x=1)
    assert caplog.records == []
