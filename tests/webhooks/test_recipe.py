"""The developer's guide tells the truth: its receiver, as it stands there, takes what we send, once."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from leadhub.accounts.models import Membership
from leadhub.lib.clock import utc_now
from leadhub.webhooks.endpoints import Shown, send_test
from leadhub.work.models import Lane
from leadhub.work.runner import run_due
from tests.listening import Listener

pytestmark = pytest.mark.django_db
GUIDE = Path(settings.BASE_DIR) / "docs" / "guide" / "developer.md"


def test_the_guides_receiver_takes_what_is_sent_once(
    shown: Shown, server: Listener, ada: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    now = utc_now()
    send_test(endpoint=shown.endpoint, actor=ada, now=now)
    run_due(now=now, lanes=[Lane.WEBHOOK])
    [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    guide: dict[str, Any] = {}
    exec(code.replace("whsec_…", shown.secret), guide)  # noqa: S102 (our own document)
    [heard] = server.heard
    assert [guide["receive"](heard.body, heard.headers) for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out.count("webhook.test") == 1
    assert guide["receive"](b"{}", heard.headers) == 400
