import pytest

JOBS = """
[[jobs]]
name = "remind-customers"
cron = "@daily"
action = "remind"
"""


@pytest.fixture
def jobs_site(site):
    site.config.write_text(site.config.read_text() + JOBS)
    return site


def test_list_names_what_the_interface_promises(jobs_site):
    (found,) = jobs_site.run("job", "list", "--json").json()
    assert set(found) >= {"name", "cron", "action", "last_run", "next_run", "last_result"}
    assert (found["name"], found["cron"], found["action"]) == ("remind-customers", "@daily", "remind")
    assert found["last_run"] is None
    assert found["next_run"].endswith("00:00Z")
    assert "remind-customers" in jobs_site.run("job", "list").out


def test_list_without_jobs(site):
    assert site.run("job", "list", "--json").json() == []
    assert site.run("job", "list").out == "The configuration has no [[jobs]].\n"


def test_run_now_and_again(jobs_site):
    for _ in range(2):
        found = jobs_site.run("job", "run", "remind-customers", "--json").json()
        assert found == {"name": "remind-customers", "done": True, "detail": "0 reminded, 0 withheld"}
    (listed,) = jobs_site.run("job", "list", "--json").json()
    assert listed["last_result"] == "0 reminded, 0 withheld"
    assert listed["last_run"] is not None
    assert jobs_site.run("job", "run", "remind-customers").out == "remind-customers: 0 reminded, 0 withheld\n"


def test_an_unknown_job_is_2_with_the_nearest(jobs_site):
    result = jobs_site.run("job", "run", "remind-customer")
    assert result.code == 2
    assert 'did you mean "remind-customers"' in result.err


def test_a_wrong_expression_is_refused_with_its_line(jobs_site):
    jobs_site.config.write_text(jobs_site.config.read_text().replace("@daily", "0 25 * * *"))
    result = jobs_site.run("job", "list")
    assert result.code == 2
    assert "cron" in result.err
    assert "it goes from 0 to 23" in result.err
