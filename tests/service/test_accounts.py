from datetime import date

import pytest

from mailgate.core.who.identity import MailKind, Product, Role
from mailgate.service.accounts import COLUMNS, AccountsError, read_accounts

HEAD = ",".join(COLUMNS) + "\n"
ANNA = "12345,Anna Müller,Anna@Kunde.example,owner,support billing,de,gold,server:srv-web-01;domain:kunde.example,\n"


@pytest.fixture
def read(tmp_path):
    """Reads accounts from a text or bytes."""

    def reader(content, **options):
        file = tmp_path / "accounts.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_accounts(file, **options)

    return reader


@pytest.fixture
def problems(read, tmp_path):
    """The problems of a text, without the folder of the file."""

    def reader(content, **options):
        with pytest.raises(AccountsError) as caught:
            read(content, **options)
        return [problem.replace(f"{tmp_path}/", "") for problem in caught.value.problems]

    return reader


def test_a_row_is_a_contact(read):
    (account,) = read(HEAD + ANNA + "12345,Bo,bo@kunde.example,technical,,,,ip:192.0.2.7,2026-12-31\n").accounts
    assert (account.number, account.name, account.language, account.service_level) == (
        "12345",
        "Anna Müller",
        "de",
        "gold",
    )
    anna, bo = account.contacts
    assert (anna.address, anna.role, anna.mail_kinds) == (
        "anna@kunde.example",
        Role.OWNER,
        (MailKind.SUPPORT, MailKind.BILLING),
    )
    assert (bo.name, bo.valid_until, bo.mail_kinds) == ("Bo", date(2026, 12, 31), ())
    assert account.products == (
        Product("server", "srv-web-01"), Product("domain", "kunde.example"), Product("ip", "192.0.2.7"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n,,,,,,,,\n",
        lambda text: text.replace("customer_number,name", "Customer_Number, name"),
        lambda text: ";".join(text.replace("srv-web-01;domain:kunde.example", '"X"').split(",")).replace(
            'server:"X"', '"server:srv-web-01;domain:kunde.example"'
        ),
    ],
    ids=["bom", "crlf", "no-end", "blank", "head", "semicolons"],
)
def test_the_ways_in_which_people_save_csv(read, change):
    assert read(change(HEAD + ANNA)).accounts == read(HEAD + ANNA).accounts


def test_the_columns_may_stand_in_any_order_and_some_be_left_out(read):
    (account,) = read("email,role,name,customer_number\na@b.example,owner,A,7\n").accounts
    assert (account.number, account.contacts[0].address) == ("7", "a@b.example")


def test_every_problem_is_told_with_line_and_column(problems):
    text = HEAD + (
        "12 345,A,a@b.example,owner,,,,,\n"
        ",B,b@b.example,owner,,,,,\n"
        "3,C,c@b,ownr,suport,fr,,server,31.12.2026\n"
        '4,"D\nE",d@b.example,owner,,,,,\n'
        "5,F,f@b.example,owner\n"
        "6,G,g@b.example,owner,,,,;Server:a;:b;x:;,2026-02-30\n"
    )
    assert problems(text, languages=("de", "en")) == [
        "accounts.csv:2: customer_number: '12 345' is none: letters, digits, dots and dashes, 32 at most",
        "accounts.csv:3: customer_number: is empty",
        "accounts.csv:4: language: 'fr' is none of de, en",
        "accounts.csv:4: role: 'ownr' is not one of owner, technical, billing, contact; did you mean \"owner\"",
        "accounts.csv:4: mail_kinds: 'suport' is not one of support, billing, abuse, incidents; did you mean \"support\"",
        'accounts.csv:4: email: "c@b" is no mail address: The part after the @-sign is not valid. It should have a period.',
        "accounts.csv:4: valid_until: '31.12.2026' is no day; write it like 2026-12-31",
        "accounts.csv:4: products: 'server' is no product; write kind:name, like server:srv-web-01",
        "accounts.csv:5: name: holds the character U+000A",
        "accounts.csv:7: has 4 cells; the first line has 9 columns",
        "accounts.csv:8: valid_until: '2026-02-30' is no day; write it like 2026-12-31",
        "accounts.csv:8: products: ':b' is no product; write kind:name, like server:srv-web-01",
        "accounts.csv:8: products: 'x:' is no product; write kind:name, like server:srv-web-01",
    ]


def test_the_first_line_is_checked_with_the_nearest_name(problems):
    assert problems("customer_nr,name,name,e-mail,roles\n") == [
        "accounts.csv:1: 'customer_nr' is no column; did you mean \"customer_number\"; the columns are " + ", ".join(COLUMNS),
        "accounts.csv:1: name: stands twice in the first line",
        "accounts.csv:1: name: stands twice in the first line",
        "accounts.csv:1: 'e-mail' is no column; did you mean \"email\"; the columns are " + ", ".join(COLUMNS),
        "accounts.csv:1: 'roles' is no column; did you mean \"role\"; the columns are " + ", ".join(COLUMNS),
        "accounts.csv:1: customer_number: is missing in the first line",
        "accounts.csv:1: email: is missing in the first line",
        "accounts.csv:1: role: is missing in the first line",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "customer_number: is missing"),
        (HEAD.encode() + "1,J\xf6rg,a@b.example,owner,,,,,\n".encode("latin-1"), ":2: byte 0xf6 is not UTF-8"),
        (HEAD.encode() + b'1,"A,a@b.example,owner,,,,,\n', ":2: is no CSV: unexpected end of data"),
        (HEAD.encode() + b'1,"A"x,a@b.example,owner,,,,,\n', ":2: is no CSV:"),
        (HEAD.encode() + b"1,A\0,a@b.example,owner,,,,,\n", ":2: name: holds the character U+0000"),
        (HEAD.encode() + b"1," + b"A" * 200_000 + b",a@b.example,owner,,,,,\n", ":2: is no CSV: field larger"),
        (HEAD.encode() + b"1," + b"A" * 20_000 + b",a@b.example,owner,,,,,\n", ":2: name: is longer than"),
        (HEAD.encode() + "1,A\u202e,a@b.example,owner,,,,,\n".encode(), ":2: name: holds the character U+202E"),
    ],
)
def test_what_is_no_accounts_file(problems, content, message):
    assert message in problems(content)[0]


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(AccountsError, match=r"none\.csv: cannot be read: No such file"):
        read_accounts(tmp_path / "none.csv")


@pytest.mark.parametrize("domain", ["gmail.com", "web.de", "gmx.net", "co.uk", "kunde.example"])
@pytest.mark.parametrize("form", ["@{}", "*@{}", "{}", "*.{}", "@*.{}"])
def test_id_17_a_whole_domain_is_nobodys_address(problems, domain, form):
    (problem,) = problems(HEAD + f"1,A,{form.format(domain)},owner,,,,,\n")
    assert "is a whole domain; register each address by itself" in problem
    assert ("is shared by many people" in problem) is (domain != "kunde.example")


def test_one_address_twice_in_an_account_is_an_error(problems):
    (problem,) = problems(HEAD + "1,A,a@b.example,owner,,,,,\n1,B,A@B.example,billing,,,,,\n")
    assert problem == "accounts.csv:3: email: a@b.example is a contact of 1 in line 2 already"


def test_id_18_one_address_in_two_accounts_is_allowed_and_told(read):
    found = read(HEAD + "1,A,a@b.example,owner,,,,,\n2,B,a@b.example,owner,,,,,\n")
    assert len(found.accounts) == 2
    assert found.warnings == (
        "a@b.example belongs to accounts 1, 2: mails from it are filed without an account unless they name one",
    )


def test_an_account_without_owner_is_told(read):
    (warning,) = read(HEAD + "1,A,a@b.example,billing,,,,,\n").warnings
    assert warning.startswith("account 1 has no owner")


def test_rows_of_one_account_must_agree(problems, read):
    rows = "1,A,a@b.example,owner,,de,gold,,\n1,B,b@b.example,billing,,en,,,\n"
    assert problems(HEAD + rows) == ["accounts.csv:3: language: 'en' contradicts 'de' in another row of account 1"]
    (account,) = read(HEAD + rows.replace(",en,", ",,")).accounts
    assert (account.language, account.service_level) == ("de", "gold")


def test_an_account_is_called_like_its_first_owner(read):
    (account,) = read(HEAD + "1,Bo,b@b.example,billing,,,,,\n1,Anna,a@b.example,owner,,,,,\n").accounts
    assert account.name == "Anna"


def test_problems_are_bounded(problems):
    found = problems(HEAD + "x y,A,,owner,,,,,\n" * 1000)
    assert len(found) == 201
    assert "there are more problems" in found[-1]


def test_a_large_file_is_read_in_one_go(read):
    rows = "".join(f"{n},Name {n},n{n}@kunde{n}.example,owner,support,de,,server:srv-{n},\n" for n in range(5000))
    assert len(read(HEAD + rows).accounts) == 5000
