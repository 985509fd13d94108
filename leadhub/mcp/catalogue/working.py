"""Tools that work on leads: what a rep does on pages, and what a manager or a marketer decides."""

from leadhub.mcp.tools import LEAD_AT_STAKE, Tool

_REASSIGN = frozenset({"team.reassign"})

WORKING = (
    Tool(
        name="create_lead",
        operation="leads_create",
        about="Create a lead from an e-mail address or a phone number and whatever else is known; other fields are "
        "kept as they are given. It walks the same line as a form: scored, routed, answered, perhaps by mail. The "
        "same person asking for the same within 24 hours joins their lead.",
    ),
    Tool(
        name="update_lead",
        operation="leads_patch",
        about="Change the person's details, the quote value, or the qualification (budget, authority, need, "
        "timeline) of a lead: only what is given.",
    ),
    Tool(
        name="log_outcome",
        operation="leads_outcomes_create",
        about="Log what came of an attempt to reach the person (a human's attempt, in the key's member's name), or a "
        "note (`outcome: note`), and plan the next task. It stops the clock of the promised answer, so log only what "
        "happened.",
    ),
    Tool(
        name="undo_outcome",
        operation="leads_outcomes_undo",
        about="Take back an outcome logged by mistake, by the id of its event; it never counted then.",
    ),
    Tool(
        name="add_task",
        operation="leads_tasks_create",
        about="Plan what the lead's owner is to do next, and when.",
    ),
    Tool(name="complete_task", operation="tasks_completion_put", about="Say that a task is done."),
    Tool(
        name="snooze_lead",
        operation="leads_snooze_put",
        about="Put an open lead off until an instant; its owner keeps it and it comes back to the queue then.",
    ),
    Tool(name="wake_lead", operation="leads_snooze_delete", about="Bring a lead that was put off back to the queue."),
    Tool(
        name="move_lead",
        operation="leads_stage_create",
        about="Move a lead to another stage, on evidence. Fields that the stage asks for are named when they are "
        "missing (see update_lead); `override` waives them and is audited.",
    ),
    Tool(
        name="accept_lead",
        operation="leads_assignment_create",
        about="Accept a lead that was offered to the key's member.",
        takes=("note",),
        fixed={"answer": "accept"},
    ),
    Tool(
        name="reject_lead",
        operation="leads_assignment_create",
        about="Reject a lead that was offered, with a reason. A reason of quality revokes its verdict.",
        takes=("reason", "note"),
        requires=("reason",),
        fixed={"answer": "reject"},
        warning="The lead would go back to the marketing owner and count as rejected; a reason of quality would make "
        "it unqualified.",
        shows="leads_retrieve",
        showing=LEAD_AT_STAKE,
    ),
    Tool(
        name="assign_lead",
        operation="leads_assignment_create",
        about="Give one lead to a colleague, who is told and asked to accept it.",
        takes=("member", "note"),
        requires=("member",),
        fixed={"answer": "reassign"},
        also=_REASSIGN,
    ),
    Tool(
        name="judge_lead",
        operation="leads_verdict_create",
        about="Set the verdict of a lead, with why: qualified, unqualified, not_a_lead (job seekers, vendors, "
        "support) or pending. Reports sum values over qualified leads only.",
    ),
    Tool(
        name="open_deal",
        operation="leads_opportunities_create",
        about="Open a deal of a lead with its amount; the lead becomes an opportunity.",
    ),
    Tool(
        name="update_deal",
        operation="opportunities_patch",
        about="Change the amount of a deal, or the day on which it is expected to close.",
        takes=("amount", "expected_close_on"),
    ),
    Tool(
        name="close_deal",
        operation="opportunities_patch",
        about="Move a deal to another stage; `won` or `lost` closes it, `lost` with a reason.",
        takes=("stage", "amount", "reason"),
        requires=("stage",),
        warning="The deal would move to that stage; won or lost closes it, and revenue and rates are counted by it.",
        shows="opportunities_retrieve",
    ),
    Tool(
        name="dispose_lead",
        operation="leads_disposition_create",
        about="End or park a lead by a reason, which decides what follows: timing (sleeps until `wakes_at`), "
        "competitor and cold (another sequence), no_fit (disqualified), do_not_contact (never mailed again).",
        warning="The lead would leave the queue: timing parks it until wakes_at, competitor and cold hand it to a "
        "sequence, no_fit disqualifies it, do_not_contact ends all mail to the person.",
        shows="leads_retrieve",
        showing=LEAD_AT_STAKE,
    ),
    Tool(
        name="send_email",
        operation="leads_emails_create",
        about="Send a personal mail to a lead in the key's member's name, as plain text; it counts as their attempt.",
        takes=("subject", "text", "next_task_due_at"),
        requires=("subject", "text"),
        warning="A mail with this subject and text would be sent to the person at once, in the member's name. A mail "
        "that left cannot be taken back.",
        leaves_the_house=True,
        shows="leads_retrieve",
        showing=LEAD_AT_STAKE,
    ),
    Tool(
        name="enroll_leads",
        operation="sequences_enrollments_create",
        about="Put leads into a nurture sequence; who cannot enter is counted by reason.",
        warning="The leads' people would get the mails of this sequence as its steps come due.",
        shows="sequences_retrieve",
        showing=("name", "state"),
        leaves_the_house=True,
    ),
    Tool(
        name="merge_people",
        operation="people_merges_create",
        about="Join two records of one human: the person keeps everything of `absorbed`. undo_merge parts them.",
        warning="The absorbed person's leads, history and addresses would be the kept person's.",
        shows="people_retrieve",
        showing=("first_name", "last_name", "email", "phone", "company_name"),
    ),
    Tool(name="undo_merge", operation="merges_undo", about="Part two people who were joined by mistake."),
    Tool(
        name="reassign_leads",
        operation="reassignments_create",
        about="Give up to 1,000 leads to one member, who is told once and asked to accept each.",
        warning="All these leads would change their owner at once, and the member would be told.",
    ),
    Tool(
        name="undo_reassignment",
        operation="reassignments_undo",
        about="Give leads of a reassignment back to whom they came from; one that moved on or was answered stays.",
    ),
    Tool(
        name="suppress_addresses",
        operation="suppressions_create",
        about="Never mail these addresses again, with a reason that is audited.",
        warning="These addresses would get no more mail of any kind, and running sequences to them would end.",
    ),
)
