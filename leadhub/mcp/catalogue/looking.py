"""Tools that read leads and what hangs on them."""

from leadhub.mcp.tools import Tool

_PAGE = ("cursor", "page_size")

LOOKING = (
    Tool(
        name="who_am_i",
        operation="me_retrieve",
        about="Read whom this key acts as, their role, the organization (its zone and currency) and the key's scopes.",
    ),
    Tool(
        name="get_queue",
        operation="queue_list",
        about="Read the member's next actions in the order in which to take them: each with its lead, why it is next "
        "(`why`), until when an answer is promised, and what to know before calling. `planned` is what waits.",
    ),
    Tool(
        name="search_leads",
        operation="leads_list",
        about="Find leads, newest first, by words (`q`: name, e-mail, company, what they wrote), stage, verdict, "
        "owner, source, dates and more. Each has its person, score, source, value and what they asked for.",
        takes=(
            "q",
            "email",
            "stage",
            "verdict",
            "is_open",
            "owner",
            "person",
            "grade",
            "intent",
            "service",
            "channel",
            "source",
            "campaign",
            "disposition",
            "captured_from",
            "captured_to",
            "updated_since",
            *_PAGE,
        ),
    ),
    Tool(
        name="get_lead",
        operation="leads_retrieve",
        about="Read one lead whole: person, stage, verdict, owner, score and grade as of now, source, value, the "
        "inquiry that opened it in their own words.",
    ),
    Tool(
        name="get_lead_timeline",
        operation="leads_events_list",
        about="Read what happened to a lead, newest first: pages, forms, calls, mails, notes, moves, with who did it.",
    ),
    Tool(
        name="get_lead_owners",
        operation="leads_assignment_list",
        about="Read who had a lead and why: each assignment's receipt tells which rules were tried, which matched, "
        "and who was passed over for what reason.",
    ),
    Tool(
        name="list_tasks",
        operation="tasks_list",
        about="List open tasks of the key's member, or of the one named, what is due first.",
    ),
    Tool(
        name="search_people",
        operation="people_list",
        about="Find people, newest first: addresses, company, consents, whether they must not be contacted. One "
        "person has one record and may have had several leads (search_leads by `person`).",
    ),
    Tool(
        name="list_deals",
        operation="opportunities_list",
        about="List deals, newest first, by stage, owner or when they opened or closed.",
    ),
    Tool(
        name="list_members",
        operation="members_list",
        about="List colleagues with their roles and absences: whose id to give as owner or member.",
    ),
    Tool(
        name="list_sequences",
        operation="sequences_list",
        about="List the nurture sequences: what each is for, its state, its steps.",
    ),
)
