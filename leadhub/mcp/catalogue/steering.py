"""Tools that read and change how leads are scored and routed. A draft changes nothing until it is published."""

from leadhub.mcp.tools import Tool

STEERING = (
    Tool(
        name="list_score_models",
        operation="score_models_list",
        about="Read the versions of how leads are scored, newest first: the rules of fit and engagement, the MQL bar, "
        "the half-life.",
    ),
    Tool(
        name="edit_score_draft",
        operation="score_models_create",
        about="Set the MQL bar, the SQL bar and the half-life of the draft, which begins as the version in force. "
        "With `dry_run` nothing is kept: the answer says how many leads would meet the bar, who enters and who leaves.",
    ),
    Tool(
        name="preview_score_draft",
        operation="score_models_preview",
        about="Read what publishing the draft would do: how many leads meet its bar, who enters and who leaves.",
    ),
    Tool(
        name="publish_score_model",
        operation="score_models_publish",
        about="Publish the draft, or roll back to the `version` named.",
        warning="All open leads would be scored anew by it. Past MQLs stay.",
        shows="score_models_preview",
    ),
    Tool(
        name="list_routing_rules",
        operation="routing_rules_list",
        about="Read the versions of who gets which lead, newest first: the rules in order, first match wins.",
    ),
    Tool(
        name="publish_routing_rules",
        operation="routing_rules_publish",
        about="Publish the draft of the routing rules, or roll back to the `version` named.",
        warning="Leads that arrive from now on would be given out by these rules. The replay of the last 30 days "
        "shows how the draft would have dealt them.",
        shows="routing_rules_preview",
    ),
)
