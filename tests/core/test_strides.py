"""How far a large file is: said only of large ones, and only to who listens."""

import io

import pytest

from curator.core import strides


@pytest.fixture
def heard():
    told = []
    strides.listen(lambda done, size: told.append((done, size)))
    yield told
    strides.listen(None)


def test_where_the_stream_stands_is_told_of_a_large_file(heard):
    stream = io.BytesIO(bytes(100))
    stream.seek(60)
    with strides.over(strides.LARGE):
        strides.at(stream)
    assert heard == [(60, strides.LARGE)]


def test_nothing_is_told_of_a_small_file_behind_a_large_one_and_without_a_listener(heard):
    class Untold(io.BytesIO):
        def tell(self):
            raise AssertionError

    with strides.over(strides.LARGE - 1):
        strides.at(Untold())
    strides.at(Untold())
    strides.listen(None)
    with strides.over(strides.LARGE):
        strides.at(Untold())
    assert heard == []


def test_parts_of_a_file_are_told_as_its_bytes(heard):
    with strides.over(strides.LARGE):
        strides.part(1, 4)
        strides.part(9, 4)
        strides.part(1, 0)
    strides.part(1, 2)
    assert heard == [(strides.LARGE // 4, strides.LARGE), (strides.LARGE, strides.LARGE)]


def test_a_look_ahead_goes_on_and_does_nothing(heard):
    with strides.over(strides.LARGE):
        strides.part(1, 4)
        with strides.looking():
            strides.part(1, 2)
        strides.part(3, 4)
    assert [done * 4 // strides.LARGE for done, _ in heard] == [1, 1, 3]
