"""The MCP server at `/mcp`: calls of the API as tools for agents (docs/adr/0008-mcp.md).

A tool is a name, a description and an operation of the OpenAPI document; to call it is to make that call. The SDK
takes 45 MB and a second to import, so nothing outside of `server` and `transport` imports it, and nobody imports
these two before the first agent calls.
"""
