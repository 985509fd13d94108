"""Every tool, in the order in which agents are told them."""

from leadhub.mcp.tools import Tool

TOOLS: tuple[Tool, ...] = (
    Tool(
        name="who_am_i",
        operation="me_retrieve",
        about="Read whom this key acts as, their role, the organization (its zone and currency) and the key's scopes.",
    ),
    Tool(
        name="search_leads",
        operation="leads_list",
        about="Find leads, newest first: by words (`q`), stage, owner, source and more. Each has its person, score, "
        "source, value and what they asked for.",
    ),
    Tool(
        name="create_lead",
        operation="leads_create",
        about="Create a lead from an e-mail address or a phone number, and whatever else is known. It walks the same "
        "line as a form: scored, routed, answered. The same person asking the same again joins their lead.",
    ),
)
