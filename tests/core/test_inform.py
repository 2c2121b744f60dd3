"""Notices to the agents of a ticket: each with keys of its own."""

import itertools
from dataclasses import replace

from support.cases import NOW, POLICY, SUPPORT, ticket

from mailgate.core.desk.case import Agent
from mailgate.core.desk.inform import AGENT_KEYS_LAST, Topic, to_agents, topic_of
from mailgate.core.desk.notice import Template
from mailgate.core.desk.ticket import Purpose

ANNA, BEN = Agent("anna", "anna@example.org"), Agent("ben", "ben@example.org", ("b@home.example",), "en")
WITH_AGENTS = replace(
    POLICY,
    agents=(ANNA, BEN),
    departments=(replace(SUPPORT, agents=("anna", "ben")), replace(POLICY.departments[1], agents=("ben",))),
)


def told(agents, policy=WITH_AGENTS, **more):
    keys = (f"{number:026d}".translate(str.maketrans("0189", "abcd")) for number in itertools.count(1))
    topic = topic_of(ticket())
    return to_agents(
        Template.NEWS, topic, agents, policy, effect="e", values={"x": 1}, key=lambda: next(keys), now=NOW, **more
    )


def test_each_agent_gets_one_mail_with_keys_that_no_other_has():
    result = told([ANNA, BEN])
    assert [(item.agent, item.to.address, item.language) for item in result.notices] == [
        ("anna", "anna@example.org", "de"),
        ("ben", "ben@example.org", "en"),
    ]
    keys = [key for item in result.notices for key in (item.reply_key, item.note_key, item.bounce_key)]
    assert len(set(keys)) == 6
    assert {event.key: (event.person, event.purpose) for event in result.events} == {
        key: (item.to.address, purpose)
        for item in result.notices
        for key, purpose in (
            (item.reply_key, Purpose.REPLY),
            (item.note_key, Purpose.NOTE),
            (item.bounce_key, Purpose.BOUNCE),
        )
    }
    assert len({item.effect for item in result.notices}) == 2


def test_keys_to_act_with_expire_and_those_of_bounces_do_not():
    ends = {event.purpose: event.expires_at for event in told([ANNA]).events}
    assert ends == {Purpose.REPLY: NOW + AGENT_KEYS_LAST, Purpose.NOTE: NOW + AGENT_KEYS_LAST, Purpose.BOUNCE: None}


def test_all_mails_of_a_ticket_name_one_root_so_that_they_thread():
    roots = {(item.in_reply_to, item.references) for item in told([ANNA, BEN]).notices}
    assert roots == {("ticket-1001@example.org", ("ticket-1001@example.org",))}


def test_somebody_who_is_no_agent_is_told_and_cannot_act():
    result = told([Agent("boss@example.net", "boss@example.net")])
    assert [(item.reply_key, item.note_key) for item in result.notices] == [(None, None)]
    assert [event.purpose for event in result.events] == [Purpose.BOUNCE]


def test_the_agents_of_a_ticket_are_those_of_its_departments_each_once():
    assert Topic(1001, "x", "billing").agents(WITH_AGENTS) == (BEN,)
    assert Topic(1001, "x", "billing", ("support",)).agents(WITH_AGENTS) == (ANNA, BEN)
    assert WITH_AGENTS.agent_at("b@home.example") == BEN
    assert WITH_AGENTS.agent_at("olga@kunde.example") is None


def test_a_department_without_agents_is_looked_after_by_the_default_one():
    bare = replace(WITH_AGENTS, departments=(WITH_AGENTS.departments[0], replace(POLICY.departments[1], agents=())))
    assert Topic(1001, "x", "billing").agents(bare) == (ANNA, BEN)
