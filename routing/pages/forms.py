"""The forms of the routing pages."""

from typing import Any

from django import forms

from leadhub.accounts.duty import list_active_members
from leadhub.accounts.models import Membership
from leadhub.leads.models import Intent
from leadhub.lib.time_zones import list_time_zones
from leadhub.tenancy.forms import TenantModelForm
from leadhub.web.fields import MomentField
from routing.models import Pool, RoutingRule
from routing.pool_settings import HEAVIEST, LONGEST_MINUTES, MOST_OPEN


class RuleForm(forms.Form):
    """A rule but for its condition, which the condition editor reads."""

    name = forms.CharField(
        max_length=200, required=False, help_text="What colleagues call it; empty: the condition in words."
    )
    target = forms.ChoiceField(label="Then it goes to", choices=RoutingRule.Target.choices, widget=forms.RadioSelect)
    member = forms.ModelChoiceField(
        queryset=Membership.objects.none(), required=False, label="Member", empty_label="Choose a colleague"
    )
    pool = forms.ModelChoiceField(
        queryset=Pool.objects.none(),
        required=False,
        label="Pool",
        empty_label="Choose a pool",
        help_text="For “the company's owner”: who takes turns when the company has no owner.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = list_active_members().order_by("name")  # type: ignore[attr-defined]
        pools = Pool.objects.filter(is_active=True).order_by("name")
        self.fields["pool"].queryset = pools  # type: ignore[attr-defined]
        if len(pools) == 1:
            self.fields["pool"].initial = pools[0]


class PoolForm(TenantModelForm):
    """What a pool is called and when it works."""

    class Meta:
        model = Pool
        fields = ("name", "time_zone", "works_always", "is_active")
        labels = {"works_always": "Works round the clock", "is_active": "Takes leads"}
        help_texts = {
            "time_zone": "Hours, holidays and deadlines are read in this zone.",
            "works_always": "Every hour counts towards the promise, nights and weekends too; holidays do not.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            choices=list_time_zones(),
            help_text=self.fields["time_zone"].help_text,
        )


class PoolMemberForm(forms.Form):
    """A member's part of the turns."""

    member = forms.ModelChoiceField(
        queryset=Membership.objects.none(), label="Member", empty_label="Choose a colleague"
    )
    weight = forms.IntegerField(min_value=0, max_value=HEAVIEST, initial=1, help_text="Turns in a round; 0 pauses.")
    capacity = forms.IntegerField(
        min_value=0, max_value=MOST_OPEN, required=False, help_text="Open leads at most; empty: no limit."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = list_active_members().order_by("name")  # type: ignore[attr-defined]


class HolidayForm(forms.Form):
    """A day off."""

    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(max_length=120, required=False)


class PromiseForm(forms.Form):
    """The promised time to the first attempt, by intent; empty is the end of the next business day."""

    hot = forms.IntegerField(min_value=1, max_value=LONGEST_MINUTES, required=False, label="Hot: minutes")
    warm = forms.IntegerField(min_value=1, max_value=LONGEST_MINUTES, required=False, label="Warm: minutes")
    content = forms.IntegerField(min_value=1, max_value=LONGEST_MINUTES, required=False, label="Content: minutes")

    def promises(self) -> dict[str, int | None]:
        """Return intent → minutes, None for the next business day."""
        return {intent: self.cleaned_data[intent] for intent in Intent.values}


class AbsenceForm(forms.Form):
    """When a member is away; empty return: until further notice."""

    away_from = MomentField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    away_until = MomentField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
