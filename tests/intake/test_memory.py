import asyncio
import platform

import pytest

from mailgate.intake.memory import Memory, return_large_blocks


async def waiting(memory, size, order):
    task = asyncio.create_task(memory.take(size))
    task.add_done_callback(lambda done: done.cancelled() or order.append(size))
    await asyncio.sleep(0)
    return task


async def test_mb_02_first_come_first_served():
    memory, order = Memory(10), []
    await memory.take(6)
    await waiting(memory, 5, order)
    await waiting(memory, 1, order)  # it would fit, and waits behind the one that does not
    assert memory.used == 6
    memory.give(6)
    await asyncio.sleep(0.01)
    assert (order, memory.used) == ([5, 1], 6)


async def test_mb_02_one_that_is_larger_than_all_gets_its_turn_alone():
    memory, order = Memory(10), []
    await memory.take(1)
    await waiting(memory, 25, order)
    await waiting(memory, 2, order)
    memory.give(1)
    await asyncio.sleep(0.01)
    assert (order, memory.used) == ([25], 25)
    memory.give(25)
    await asyncio.sleep(0.01)
    assert (order, memory.used) == ([25, 2], 2)


@pytest.mark.parametrize("late", [False, True])
async def test_who_stops_waiting_takes_nothing(late):
    memory, order = Memory(10), []
    await memory.take(10)
    first = await waiting(memory, 8, order)
    await waiting(memory, 3, order)
    if late:  # its turn came, and nobody is there any more
        memory.give(10)
        first.cancel()
    else:
        first.cancel()
        memory.give(10)
    await asyncio.sleep(0.01)
    assert (order, memory.used) == ([3], 3)


async def test_who_stops_waiting_lets_the_next_one_in():
    memory, order = Memory(10), []
    await memory.take(6)
    first = await waiting(memory, 8, order)
    await waiting(memory, 3, order)
    first.cancel()
    await asyncio.sleep(0.01)
    assert (order, memory.used) == ([3], 9)


def test_the_c_library_is_told_more_than_once_without_harm():
    takes_it = platform.libc_ver()[0] == "glibc"
    assert [return_large_blocks(), return_large_blocks()] == [takes_it, takes_it]
