"""`people/`: who we know."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import READ, ScopedView
from leadhub.api.pagination import PersonCursor
from leadhub.leads.filters import PersonFilter
from leadhub.leads.models import Identity, Person


class IdentityShape(serializers.ModelSerializer[Identity]):
    """One way to recognise the person."""

    class Meta:
        model = Identity
        fields = ["kind", "value"]


class PersonRecord(serializers.ModelSerializer[Person]):
    """The human, whole."""

    identities = IdentityShape(many=True)

    class Meta:
        model = Person
        fields = [
            "id",
            "email",
            "phone",
            "first_name",
            "last_name",
            "title",
            "company_name",
            "company",
            "street",
            "postal_code",
            "city",
            "region",
            "country",
            "time_zone",
            "language",
            "do_not_contact",
            "consent",
            "custom",
            "identities",
            "created_at",
        ]


class PersonList(ScopedView, GenericAPIView[Person]):
    """The organization's people."""

    needs = {"GET": (READ, "leads.view")}
    serializer_class = PersonRecord
    pagination_class = PersonCursor
    filterset_class = PersonFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Return people with their identities."""
        return Person.objects.prefetch_related("identities")

    @extend_schema(operation_id="people_list", summary="List people, newest first", responses=PersonRecord(many=True))
    def get(self, request: Request) -> Response:
        """List people."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(PersonRecord(page, many=True).data)


class PersonDetail(ScopedView):
    """One person."""

    needs = {"GET": (READ, "leads.view")}

    @extend_schema(operation_id="people_retrieve", summary="Read a person", responses=PersonRecord)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one person."""
        return Response(PersonRecord(Person.objects.prefetch_related("identities").get(pk=pk)).data)
