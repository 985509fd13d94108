"""From a post at the door to the alert in its owner's event stream, one at a time on an idle machine."""

import http.client
import json
import time
import urllib.request

from benchmarks.figures import Figure
from benchmarks.installation import Installation
from benchmarks.load import quantile


def measure_alerts(*, installation: Installation, posts: int) -> list[Figure]:
    """Measure post → alert with nothing else to do."""
    latencies = _time_alerts(installation, posts)
    name = "post → alert in the stream"
    return [
        Figure(name=f"{name}, p50", unit="ms", value=quantile(latencies, 0.5) * 1000, at_most=60),
        Figure(name=f"{name}, p99", unit="ms", value=quantile(latencies, 0.99) * 1000, at_most=300),
    ]


def _time_alerts(installation: Installation, posts: int) -> list[float]:
    """Return the seconds from sending each post to reading its alert from the stream, sorted."""
    latencies = []
    with urllib.request.urlopen(installation.make_stream_url(), timeout=30) as stream:
        time.sleep(2)
        for number in range(posts):
            began_at = time.perf_counter()
            _post(installation, number)
            _read_until(stream, b"event: alert")
            latencies.append(time.perf_counter() - began_at)
            time.sleep(0.05)
    return sorted(latencies)


def _post(installation: Installation, number: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=10)
    body = json.dumps({"email": f"alert{number}@example.com", "name": "Alert"})
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    connection.request("POST", f"/f/{installation.keys['form_key']}", body, headers)
    if connection.getresponse().status != http.client.ACCEPTED:
        raise SystemExit("The door refused a post.")
    connection.close()


def _read_until(stream: http.client.HTTPResponse, end: bytes) -> None:
    seen = b""
    while end not in seen:
        seen += stream.read(1)
