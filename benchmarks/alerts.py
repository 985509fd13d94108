"""From a post at the door to the alert in its owner's event stream, one at a time on an idle machine."""

import http.client
import json
import time
import urllib.request

from benchmarks.installation import Installation


def measure_alerts(*, installation: Installation, stream_url: str, posts: int) -> list[float]:
    """Return the seconds from sending each post to reading its alert from the stream, sorted."""
    latencies = []
    with urllib.request.urlopen(stream_url, timeout=30) as stream:
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
