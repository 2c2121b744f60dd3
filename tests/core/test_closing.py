import pytest

from mailgate.core.desk.closing import closing


@pytest.mark.parametrize(
    ("signature", "kept"),
    [
        ("Viele Grüße\nAnna\n\n-- \nAnna Beispiel | anna@example.org", "Viele Grüße\nAnna"),
        (
            "Mit freundlichen Grüßen\n\nAnna Beispiel\nTechnik\nTel. 0123 456",
            "Mit freundlichen Grüßen\n\nAnna Beispiel",
        ),
        ("Kind regards,\nBen", "Kind regards,\nBen"),
        ("VG", "VG"),
        ("VG\n-- \nanna-laptop", "VG"),
        ("Beste Grüße\nanna@example.org", "Beste Grüße"),
        ("-- \nAnna Beispiel\nExample Hosting", ""),
        ("Von meinem iPhone gesendet", ""),
        ("Sent from my phone", ""),
        ("", ""),
        ("Thanks" + "x" * 100, ""),
    ],
)
def test_the_farewell_goes_along_and_the_signature_stays(signature, kept):
    assert closing(signature) == kept
