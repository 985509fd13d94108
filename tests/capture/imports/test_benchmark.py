"""The benchmark of imports ends where a chunk fails, instead of waiting for good."""

import pytest

from benchmarks.imports import work_until
from capture.imports.models import Import
from leadhub.accounts.models import Membership
from leadhub.lib.ids import new_id
from leadhub.line.batch import WALK_CHUNK
from leadhub.tenancy.scope import scope
from leadhub.work.runner import record_failure
from tests.personas import NOW

pytestmark = pytest.mark.django_db


def test_a_failed_chunk_is_told(ada: Membership) -> None:
    with scope(ada.organization_id):
        record_failure(job_id=new_id(), kind=WALK_CHUNK, attempt=1, error=ValueError("no such column"), now=NOW)
    with pytest.raises(RuntimeError, match=r"line\.walk_chunk failed: ValueError: no such column"):
        work_until(Import.State.DONE, upload_id=new_id(), organization_id=ada.organization_id, now=NOW)
