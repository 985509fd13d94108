"""Post forms over kept-alive connections as fast as they are answered: plain sockets, one event loop."""

import asyncio
import json
import time
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a run measured; latencies in seconds, sorted."""

    connections: int
    seconds: float
    latencies: list[float]
    refused: int

    @property
    def rate(self) -> float:
        """Return accepted posts a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the latency that the share of posts did not exceed, in milliseconds."""
        return quantile(self.latencies, share) * 1000


def quantile(ordered: list[float], share: float) -> float:
    """Return the value below which the share of an ordered list lies."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


def post_forms(*, port: int, form_key: str, connections: int, seconds: float) -> Load:
    """Keep the connections busy for the time, every post another person."""
    return asyncio.run(_post_forms(port, form_key, connections, seconds))


async def _post_forms(port: int, form_key: str, connections: int, seconds: float) -> Load:
    ends_at = time.perf_counter() + seconds
    runs = [_keep_posting(port, form_key, f"{connections}-{number}", ends_at) for number in range(connections)]
    results = await asyncio.gather(*runs)
    latencies = sorted(latency for found, _ in results for latency in found)
    refused = sum(failures for _, failures in results)
    return Load(connections=connections, seconds=seconds, latencies=latencies, refused=refused)


async def _keep_posting(port: int, form_key: str, name: str, ends_at: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    latencies: list[float] = []
    refused, number = 0, 0
    while (began_at := time.perf_counter()) < ends_at:
        number += 1
        body = json.dumps({"email": f"p{name}-{number}@example.com", "name": "Bench", "utm_source": "google"}).encode()
        writer.write(
            f"POST /f/{form_key} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        if await _read_status(reader) == b"202":
            latencies.append(time.perf_counter() - began_at)
        else:
            refused += 1
    writer.close()
    return latencies, refused


async def _read_status(reader: asyncio.StreamReader) -> bytes:
    """Read one answer to its end and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return head.split(b" ", 2)[1]
