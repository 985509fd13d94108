"""Tools that read reports and targets."""

from leadhub.mcp.tools import Tool

_BASIS = "Days are the organization's; leave the period out for the last 30 days."

REPORTING = (
    Tool(
        name="report_metrics",
        operation="reports_metrics",
        about="Read the five metrics of the home page, each with its target and the period before.",
    ),
    Tool(
        name="report_source_value",
        operation="reports_source_value",
        about="Read which channel, source, campaign, keyword or landing page (`by`) brought leads, qualified leads, "
        f"quote value, pipeline, revenue and cost; drill down by giving the level above. {_BASIS}",
    ),
    Tool(
        name="report_funnel",
        operation="reports_funnel",
        about=f"Read how many leads reached each stage, the rate from stage to stage, and how long it took. {_BASIS}",
    ),
    Tool(
        name="report_speed",
        operation="reports_speed",
        about="Read the time from an inquiry to the first attempt, median and p90, and how many promises were kept, "
        f"by rep, channel or service. {_BASIS}",
    ),
    Tool(
        name="report_lost_reasons",
        operation="reports_lost_reasons",
        about=f"Read why leads were lost, by reason and by another dimension, with what they were worth. {_BASIS}",
    ),
    Tool(name="get_targets", operation="targets_list", about="Read what the month's numbers should reach."),
    Tool(
        name="set_targets",
        operation="targets_set",
        about="Set what the month's numbers should reach: those named, all or none.",
    ),
)
