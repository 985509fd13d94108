"""The OpenAPI document is the API: every URL and method and no other, with what each asks for and how it fails."""

from drf_spectacular.validation import validate_schema

from leadhub.cli.places import Kind, Place, list_places
from tests.contracts.openapi import find_faults, name_path, read_document


def test_it_is_valid_and_has_every_call_and_no_other(db: None) -> None:
    document = read_document()
    validate_schema(document)
    served: dict[tuple[str, str], Place] = {}
    for place in list_places():
        if place.kind == Kind.API:
            served |= {(name_path(place.route), method.lower()): place for method in place.asks}
    described = {(path, method): call for path, calls in document["paths"].items() for method, call in calls.items()}
    assert set(described) == set(served)
    for (path, method), call in described.items():
        place = served[path, method]
        asks = place.key_scopes[method.upper()], place.asks[method.upper()]
        assert call["description"].endswith("Asks for the scope `{}` and the permission `{}`.".format(*asks)), path
        assert {"apiKey": []} in call["security"], path
        assert ("429" in call["responses"]) == (path != "/api/v1/mail/inbound/"), path


def test_a_body_that_lacks_or_slips_is_found(db: None) -> None:
    shape = {"$ref": "#/components/schemas/VerdictInput"}
    assert find_faults(shape, {"verdict": "qualified", "reason": "Called"}) == []
    assert len(find_faults(shape, {"verdict": "good", "because": "Called"})) == 3
