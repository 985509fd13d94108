"""Pools of members who take turns, when they work, and what they promise."""

from django.db import models
from django.db.models import F, Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Intent
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class Pool(OrganizationOwned):
    """One row per group that takes turns. Written by settings. Unique: name; one fallback."""

    name = models.CharField(max_length=120)
    is_fallback = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="UTC")
    works_always = models.BooleanField(default=False, help_text="Round the clock: business hours do not apply.")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "pool"
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="pool_name"),
            models.UniqueConstraint(fields=["organization"], condition=Q(is_fallback=True), name="pool_one_fallback"),
        ]

    def __str__(self) -> str:
        return self.name


class PoolMember(OrganizationOwned):
    """One row per member of a pool, with the fairness ledger of smooth weighted round-robin.

    `current_weight` is that algorithm's state, changed under a lock on the pool row. Unique: (pool, member).
    """

    pool = TenantForeignKey(Pool, models.CASCADE, related_name="pool_members")
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    weight = models.PositiveIntegerField(default=1)
    current_weight = models.IntegerField(default=0)
    turns = models.PositiveIntegerField(default=0, help_text="Turns taken and kept.")
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Open leads at most; empty: no limit.")
    last_turn_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "pool_member"
        constraints = [models.UniqueConstraint(fields=["organization", "pool", "member"], name="pool_member_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.pool_id}"


class BusinessHours(OrganizationOwned):
    """One row per stretch of a weekday when a pool works, in the pool's zone. Monday is 0."""

    pool = TenantForeignKey(Pool, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "business_hours"
        constraints = [
            models.UniqueConstraint(fields=["organization", "pool", "weekday", "opens_at"], name="business_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="business_hours_weekday"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="business_hours_order"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_at}–{self.closes_at}"


class Holiday(OrganizationOwned):
    """One row per day on which a pool does not work. Unique: (pool, on)."""

    pool = TenantForeignKey(Pool, models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=120, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "holiday"
        constraints = [models.UniqueConstraint(fields=["organization", "pool", "on"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.name}".strip()


class SlaPolicy(OrganizationOwned):
    """One row per pool and intent: the promised business time to the first attempt. Unique: (pool, intent).

    `next_business_day` promises the end of the next business day instead of `minutes`.
    """

    pool = TenantForeignKey(Pool, models.CASCADE, related_name="sla_policies")
    intent = models.CharField(max_length=16, choices=Intent)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    is_next_business_day = models.BooleanField(default=False)

    class Meta(OrganizationOwned.Meta):
        db_table = "sla_policy"
        constraints = [
            models.UniqueConstraint(fields=["organization", "pool", "intent"], name="sla_policy_once"),
            models.CheckConstraint(condition=Q(intent__in=Intent.values), name="sla_policy_intent"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, is_next_business_day=False) | Q(minutes=None, is_next_business_day=True),
                name="sla_policy_promise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intent}: {self.minutes or 'next business day'}"
