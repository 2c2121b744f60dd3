import pytest
from support.dns import DnsServer
from support.site import make_site


@pytest.fixture
def site(tmp_path):
    """A desk whose database has all tables and no rows."""
    with DnsServer() as dns:
        yield make_site(tmp_path / "site", dns)


@pytest.fixture
def bare_site(tmp_path):
    """A desk without a database."""
    with DnsServer() as dns:
        yield make_site(tmp_path / "bare", dns, database=False)
