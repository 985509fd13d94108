"""One supervisor per home."""

import os
from pathlib import Path

import pytest

from leadhub.embedded.lock import HomeInUse, lock_home


def test_the_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    with (
        lock_home(home=tmp_path, purpose="leadhub up"),
        pytest.raises(HomeInUse, match=rf"in use by leadhub up \(process {os.getpid()}\)"),
    ):
        lock_home(home=tmp_path, purpose="leadhub up")


def test_the_home_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    lock_home(home=tmp_path, purpose="one").close()

    with lock_home(home=tmp_path, purpose="another"):
        assert "another" in (tmp_path / "lock").read_text()
