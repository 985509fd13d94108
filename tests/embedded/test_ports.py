"""Ports are free ones, and stay what they were."""

import socket
from pathlib import Path

from leadhub.embedded.ports import choose_port, is_free


def test_a_port_stays_the_same_from_start_to_start(tmp_path: Path) -> None:
    assert choose_port(home=tmp_path, name="live") == choose_port(home=tmp_path, name="live")


def test_two_names_get_two_ports(tmp_path: Path) -> None:
    assert choose_port(home=tmp_path, name="live") != choose_port(home=tmp_path, name="smtp")


def test_a_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    recorded = choose_port(home=tmp_path, name="live")
    with socket.socket() as other:
        other.bind(("127.0.0.1", recorded))
        other.listen()

        assert not is_free(port=recorded)
        assert choose_port(home=tmp_path, name="live") != recorded
