import threading

from hypothesis import given
from hypothesis import strategies as st

from lrcn_desktop.video.latest import Latest


def test_an_empty_slot_has_nothing() -> None:
    slot: Latest[int] = Latest()
    assert slot.peek() is None
    assert slot.take(0) is None
    assert slot.wait_taken(0)


@given(st.lists(st.sampled_from(["put", "take", "peek"])))
def test_it_keeps_the_newest_and_counts_what_nobody_took(actions: list[str]) -> None:
    slot: Latest[int] = Latest()
    newest: int | None = None
    fresh, dropped = False, 0
    for number, action in enumerate(actions):
        if action == "put":
            slot.put(number)
            dropped += fresh
            newest, fresh = number, True
        elif action == "take":
            assert slot.take(0) == (newest if fresh else None)
            fresh = False
        assert slot.peek() == newest
        assert slot.wait_taken(0) == (not fresh)
        assert slot.dropped == dropped


def test_a_taker_and_a_putter_wait_for_each_other() -> None:
    slot: Latest[int] = Latest()
    taken: list[int] = []

    def take_all() -> None:
        while (item := slot.take(5)) is not None:
            taken.append(item)

    taker = threading.Thread(target=take_all)
    taker.start()
    for number in range(1, 300):
        slot.put(number)
        assert slot.wait_taken(5)
    slot.close()
    taker.join(5)
    assert taken == list(range(1, 300))
    assert slot.dropped == 0


def test_close_wakes_the_waiters_and_keeps_the_last_item_to_see() -> None:
    slot: Latest[int] = Latest()
    answers: list[int | bool | None] = []
    waiters = [threading.Thread(target=lambda: answers.append(slot.take(60)))]
    slot.put(1)
    assert slot.take(0) == 1
    for waiter in waiters:
        waiter.start()
    slot.close()
    for waiter in waiters:
        waiter.join(5)
        assert not waiter.is_alive()
    assert answers == [None]
    slot.put(2)
    assert slot.peek() == 1
