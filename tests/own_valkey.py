"""A Valkey of one test's own, which it may kill, freeze and start again without hurting the others."""

import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from leadhub.embedded.children import Child, start_child
from leadhub.embedded.secrets import load_secrets
from leadhub.embedded.valkey import Valkey


class OwnValkey:
    """The server and what may befall it."""

    def __init__(self, home: Path) -> None:
        self._valkey = Valkey(home=home, secrets=load_secrets(home=home))
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return self._valkey.url

    def start(self) -> None:
        self._child = start_child(self._valkey.prepare())
        assert self._valkey.wait_until_ready()

    def kill(self) -> None:
        if self._child:
            self._child.process.kill()
            self._child.process.wait()

    def freeze(self) -> None:
        assert self._child
        self._child.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._child
        self._child.process.send_signal(signal.SIGCONT)


@pytest.fixture
def own_valkey(tmp_path: Path) -> Generator[OwnValkey, None, None]:
    """A running Valkey, gone after the test."""
    valkey = OwnValkey(tmp_path)
    valkey.start()
    yield valkey
    valkey.kill()
