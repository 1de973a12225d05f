import copy
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from catchlight import measured as module
from catchlight.measured import measured


@dataclass(frozen=True)
class Photo:
    side: float
    asked: list = field(default_factory=list, compare=False)
    wait: float = 0.0

    @measured
    def area(self):
        """Side squared."""
        self.asked.append("area")
        time.sleep(self.wait)
        return [self.side**2]

    @measured
    def volume(self):
        self.asked.append("volume")
        return self.area[0] * self.side

    @measured
    def fickle(self):
        self.asked.append("fickle")
        if len(self.asked) < 3:
            raise ValueError("not yet")
        return "at last"


@dataclass(frozen=True)
class Pair:
    left: Photo
    right: Photo

    @measured
    def sum(self):
        return self.left.volume + self.right.volume


def test_a_property_is_computed_once_and_the_very_object_kept():
    photo = Photo(3.0)
    assert photo.area is photo.area
    assert photo.asked == ["area"]


def test_instances_do_not_share_values():
    assert (Photo(2.0).area, Photo(3.0).area) == ([4.0], [9.0])
    photo = Photo(2.0)
    assert photo.area == [4.0]
    assert replace(photo, side=5.0).area == [25.0]


def test_the_class_shows_the_descriptor_and_its_words():
    assert isinstance(Photo.area, measured)
    assert Photo.area.__doc__ == "Side squared."


@pytest.mark.parametrize("name", ["area", "volume"])
def test_sixteen_threads_get_one_value_computed_once(name):
    photo = Photo(3.0, wait=0.05)
    start = threading.Barrier(16)

    def ask(_):
        start.wait()
        return getattr(photo, name)

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, range(16)))
    assert all(value is found[0] for value in found)
    assert photo.asked.count("area") == 1


def test_two_instances_and_two_properties_do_not_wait_for_each_other():
    inside, met = threading.Barrier(3, timeout=20), []

    @dataclass(frozen=True)
    class Slow:
        @measured
        def one(self):
            met.append(inside.wait())
            return 1

        @measured
        def two(self):
            met.append(inside.wait())
            return 2

    first, second = Slow(), Slow()
    # All three must be inside at once, or the barrier breaks.
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(getattr, *what) for what in
                ((first, "one"), (first, "two"), (second, "one"))]  # fmt: skip
        assert [job.result(timeout=30) for job in jobs] == [1, 2, 1]
    assert len(met) == 3


def test_properties_that_use_each_other_across_instances_do_not_lock_up():
    a, b = Photo(2.0, wait=0.02), Photo(3.0, wait=0.02)
    there, back = Pair(a, b), Pair(b, a)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(lambda p=p: p.sum) for p in (there, back, there, back)]
        assert [job.result(timeout=20) for job in jobs] == [35.0] * 4
    assert a.asked.count("area") == b.asked.count("area") == 1


def test_an_exception_is_not_remembered():
    photo = Photo(1.0)
    for _ in range(2):
        with pytest.raises(ValueError, match="not yet"):
            _ = photo.fickle
    assert photo.fickle == "at last"
    assert photo.asked == ["fickle"] * 3


def test_nothing_but_the_value_is_left_behind():
    photo = Photo(3.0)
    with pytest.raises(ValueError, match="not yet"):
        _ = photo.fickle
    assert photo.volume == 27.0
    assert module._BUSY == {}
    assert set(vars(photo)) == {"side", "asked", "wait", "area", "volume"}
    assert pickle.loads(pickle.dumps(photo)).volume == 27.0
    assert copy.copy(photo).area is photo.area
    assert photo == Photo(3.0)


def test_a_class_without_a_dict_is_refused():
    @dataclass(frozen=True, slots=True)
    class Tight:
        side: float

        @measured
        def area(self):
            return self.side**2

    with pytest.raises(TypeError):
        _ = Tight(2.0).area
