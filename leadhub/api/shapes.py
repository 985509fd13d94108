"""What the API's records look like: read-only shapes of people, leads and what hangs on them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, Inquiry, Lead, Opportunity, Person, StageChange, Touch
from routing.models import Assignment

AMOUNT = {"max_digits": 14, "decimal_places": 2}


class MemberShape(serializers.ModelSerializer[Membership]):
    """A colleague."""

    class Meta:
        model = Membership
        fields = ["id", "name"]


class PersonShape(serializers.ModelSerializer[Person]):
    """The human, as leads show them."""

    company = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = [
            "id",
            "email",
            "phone",
            "first_name",
            "last_name",
            "company",
            "title",
            "street",
            "postal_code",
            "city",
            "region",
            "country",
        ]

    @extend_schema_field(str)
    def get_company(self, person: Person) -> str:
        """Return the company's name: the record's, else what they wrote."""
        return (person.company.name if person.company else "") or person.company_name


class TouchShape(serializers.ModelSerializer[Touch]):
    """One marketing contact."""

    class Meta:
        model = Touch
        exclude = ["organization", "person"]


class InquiryShape(serializers.ModelSerializer[Inquiry]):
    """One raised hand."""

    class Meta:
        model = Inquiry
        fields = [
            "id",
            "submission_id",
            "door",
            "service",
            "intent",
            "message",
            "quote_value",
            "currency",
            "fields",
            "is_opening",
            "duplicate_of",
            "arrived_at",
            "acknowledged_at",
            "handed_over_at",
            "due_at",
            "first_attempt_at",
            "first_contact_at",
            "response_seconds",
            "sla_seconds",
        ]


class LeadShape(serializers.ModelSerializer[Lead]):
    """One pass of a person through the funnel, with its score as of now."""

    email = serializers.CharField(source="person.email", read_only=True)
    person = PersonShape()
    owner = MemberShape()
    first_touch = TouchShape(allow_null=True)
    last_touch = TouchShape(allow_null=True)
    inquiry = serializers.SerializerMethodField()
    grade = serializers.CharField(source="grade_now", allow_null=True, default=None)
    fit = serializers.FloatField(allow_null=True, default=None)
    engagement = serializers.FloatField(source="engagement_now", allow_null=True, default=None)
    score = serializers.FloatField(allow_null=True, default=None)

    class Meta:
        model = Lead
        fields = [
            "id",
            "number",
            "email",
            "person",
            "stage",
            "verdict",
            "channel",
            "source",
            "medium",
            "campaign",
            "term",
            "landing_page",
            "grade",
            "score",
            "fit",
            "engagement",
            "owner",
            "quote_value",
            "pipeline_value",
            "sales_value",
            "currency",
            "disposition",
            "wakes_at",
            "captured_at",
            "updated_at",
            "first_touch",
            "last_touch",
            "inquiry",
            "custom",
        ]

    @extend_schema_field(InquiryShape(allow_null=True))
    def get_inquiry(self, lead: Lead) -> Any:
        """Return the inquiry that opened the lead; prefetched as `opening`."""
        opening = getattr(lead, "opening", None) or []
        return InquiryShape(opening[0]).data if opening else None


class EventShape(serializers.ModelSerializer[Event]):
    """One thing that happened; an outcome that was undone has a `voided_at`, and never counted."""

    actor = MemberShape(allow_null=True)

    class Meta:
        model = Event
        fields = [
            "id",
            "kind",
            "occurred_at",
            "logged_at",
            "actor",
            "is_self_reported",
            "summary",
            "properties",
            "inquiry",
            "voided_at",
        ]


class OpportunityShape(serializers.ModelSerializer[Opportunity]):
    """One deal, and the leads that it hangs on."""

    owner = MemberShape()
    leads = serializers.SerializerMethodField()
    amount = serializers.DecimalField(min_value=Decimal(0), **AMOUNT)  # type: ignore[arg-type]

    class Meta:
        model = Opportunity
        fields = [
            "id",
            "name",
            "stage",
            "amount",
            "currency",
            "probability",
            "expected_close_on",
            "owner",
            "opened_at",
            "closed_at",
            "close_reason",
            "leads",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_leads(self, deal: Opportunity) -> list[str]:
        """Return the leads' ids; a list of deals has them prefetched."""
        return [str(hang.lead_id) for hang in deal.opportunity_leads.all()]


class StageChangeShape(serializers.ModelSerializer[StageChange]):
    """One move of a lead."""

    actor = MemberShape(allow_null=True)

    class Meta:
        model = StageChange
        fields = ["id", "from_stage", "to_stage", "at", "actor", "reason", "is_override", "score_model_version"]


class AssignmentShape(serializers.ModelSerializer[Assignment]):
    """One time the lead got an owner, with the receipt that explains it."""

    member = MemberShape()

    class Meta:
        model = Assignment
        fields = [
            "id",
            "member",
            "state",
            "reason",
            "is_sales",
            "receipt",
            "assigned_at",
            "expires_at",
            "responded_at",
            "reject_reason",
            "note",
            "ended_at",
        ]
