"""The REST API under `/api/v1/`: keys and scopes, one error shape, one transaction a request."""
