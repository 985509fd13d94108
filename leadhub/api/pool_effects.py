"""What a call of `pools/` would do, on the last 30 days: what the pools pages show before they save."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rest_framework.response import Response

from leadhub.api.pool_shapes import PoolEffectShape
from leadhub.leads.models import Intent
from leadhub.web.confirmation import Effect
from routing.calendars import load_calendar
from routing.clocks import promised_minutes
from routing.impact import list_catcher_effects, list_pool_effects
from routing.models import Pool
from routing.promise_preview import PromiseEffect, Promises
from routing.turn_preview import TurnCount, TurnEffect

_COUNTED = ("kept", "broken", "running", "outside")
TIMED = frozenset({"time_zone", "works_always", "hours", "promises"})


def list_reaching_effects(pool: Pool, values: Mapping[str, Any], *, now: datetime) -> list[Effect]:
    """Say what the changes reach past this pool: it is switched off, or catches what no rule takes."""
    effects: list[Effect] = []
    if pool.is_active and not values.get("is_active", True):
        effects += list_pool_effects(pool)
    if values.get("is_fallback") and not pool.is_fallback:
        effects += list_catcher_effects(pool, now=now)
    return effects


def read_terms(pool: Pool) -> dict[str, Any]:
    """Return when the pool works and what it promises, as stored now, for `preview_promises`."""
    stored = Pool.objects.get(pk=pool.pk)
    minutes = {intent: promised_minutes(pool=stored, intent=intent) for intent in Intent.values}
    return {"calendar": load_calendar(pool=stored), "minutes": minutes}


def answer_effect(
    effects: list[Effect] | None = None, *, promises: PromiseEffect | None = None, turns: TurnEffect | None = None
) -> Response:
    """Answer with what a call would do."""
    body = {
        "effects": [effect.words for effect in effects or []],
        "promises": _write_promises(promises) if promises else None,
        "turns": _write_turns(turns) if turns else None,
    }
    return Response(PoolEffectShape(body).data)


def _write_promises(effect: PromiseEffect) -> dict[str, Any]:
    return {
        "total": _count(effect.total),
        "by_intent": [{"intent": str(intent), **_count(part)} for intent, part in effect.by_intent],
        "by_owner": [{"member": owner.pk, "name": owner.name, **_count(part)} for owner, part in effect.by_owner],
    }


def _count(part: Promises) -> dict[str, Any]:
    return {"asked": part.asked, **{name: asdict(getattr(part, name)) for name in _COUNTED}}


def _write_turns(effect: TurnEffect) -> dict[str, Any]:
    people = [_write_turn(count) for count in effect.people]
    return {"leads": effect.leads, "is_cut": effect.is_cut, "nobody": asdict(effect.nobody), "people": people}


def _write_turn(count: TurnCount) -> dict[str, Any]:
    member = {"member": count.member.pk, "name": count.member.name}
    return {**member, "leads": asdict(count.leads), "peak": count.peak, "capacity": count.capacity}
