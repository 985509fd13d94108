"""The one URL of the MCP server; it has no slash at its end, as clients expect."""

from django.urls import path

from leadhub.mcp.endpoint import answer_agent

urlpatterns = [path("mcp", answer_agent, name="mcp")]
