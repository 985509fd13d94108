"""The closed lists of the vocabulary, each also a constraint in the database."""

from django.db import models


class Stage(models.TextChoices):
    """Evidence reached, not activity done."""

    NEW = "new", "New"
    MQL = "mql", "MQL"
    SAL = "sal", "SAL"
    SQL = "sql", "SQL"
    OPPORTUNITY = "opportunity", "Opportunity"
    CUSTOMER = "customer", "Customer"
    RECYCLED = "recycled", "Recycled"
    DISQUALIFIED = "disqualified", "Disqualified"


OPEN_STAGES = (Stage.NEW, Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY)
CLOSED_STAGES = (Stage.CUSTOMER, Stage.RECYCLED, Stage.DISQUALIFIED)


class Verdict(models.TextChoices):
    """Marketing's judgement; `not_a_lead` (job seekers, vendors, support) is in no count."""

    PENDING = "pending", "Pending"
    QUALIFIED = "qualified", "Qualified"
    UNQUALIFIED = "unqualified", "Unqualified"
    NOT_A_LEAD = "not_a_lead", "Not a lead"


class Intent(models.TextChoices):
    """How warm the raised hand is; hot ones go to sales at once."""

    HOT = "hot", "Hot"
    WARM = "warm", "Warm"
    CONTENT = "content", "Content"


class Door(models.TextChoices):
    """The way in."""

    FORM = "form", "Form"
    API = "api", "API"
    MANUAL = "manual", "Entered by hand"
    IMPORT = "import", "Import"
    CALL = "call", "Call"
    CHAT = "chat", "Chat"
    MAIL = "mail", "Mail"
    AD = "ad", "Ad lead form"


class Channel(models.TextChoices):
    """GA4's default channel group, AI assistants, and what is not known (`capture.channels` has the rules)."""

    DIRECT = "direct", "Direct"
    CROSS_NETWORK = "cross_network", "Cross-network"
    PAID_SHOPPING = "paid_shopping", "Paid Shopping"
    PAID_SEARCH = "paid_search", "Paid Search"
    PAID_SOCIAL = "paid_social", "Paid Social"
    PAID_VIDEO = "paid_video", "Paid Video"
    DISPLAY = "display", "Display"
    PAID_OTHER = "paid_other", "Paid Other"
    ORGANIC_SHOPPING = "organic_shopping", "Organic Shopping"
    ORGANIC_SOCIAL = "organic_social", "Organic Social"
    ORGANIC_VIDEO = "organic_video", "Organic Video"
    ORGANIC_SEARCH = "organic_search", "Organic Search"
    AI_ASSISTANT = "ai_assistant", "AI Assistants"
    REFERRAL = "referral", "Referral"
    EMAIL = "email", "Email"
    AFFILIATES = "affiliates", "Affiliates"
    AUDIO = "audio", "Audio"
    SMS = "sms", "SMS"
    MOBILE_PUSH = "mobile_push", "Mobile Push"
    UNASSIGNED = "unassigned", "Unassigned"
    UNKNOWN = "unknown", "Unknown"


class ValueSource(models.TextChoices):
    """Where a quote value came from."""

    FORM = "form", "The form"
    RULE = "rule", "A value rule"
    MEMBER = "member", "A colleague"
    API = "api", "The API"


class MqlReason(models.TextChoices):
    """What made a lead an MQL."""

    SCORE = "score", "Met the score bar"
    HAND_RAISE = "hand_raise", "Raised a hand"
    MEMBER = "member", "A colleague's judgement"


class Outcome(models.TextChoices):
    """What a member logs after trying to reach somebody."""

    CONNECTED = "connected", "Connected"
    VOICEMAIL = "voicemail", "Voicemail"
    NO_ANSWER = "no_answer", "No answer"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    CALL_BACK = "call_back", "Call back"
    MAIL = "mail", "Mail sent"
    MEETING = "meeting", "Meeting held"
    NOTE = "note", "Note"


class DispositionCode(models.TextChoices):
    """The reason that ends or parks a lead; the code decides what follows (`disposition.py`)."""

    TIMING = "timing", "Timing: later"
    COMPETITOR = "competitor", "Chose a competitor"
    COLD = "cold", "Went cold"
    NO_FIT = "no_fit", "No fit"
    DO_NOT_CONTACT = "do_not_contact", "Do not contact"


class OpportunityStage(models.TextChoices):
    """A deal's own stages."""

    DISCOVERY = "discovery", "Discovery"
    PROPOSAL = "proposal", "Proposal"
    NEGOTIATION = "negotiation", "Negotiation"
    WON = "won", "Won"
    LOST = "lost", "Lost"


CLOSED_OPPORTUNITY_STAGES = (OpportunityStage.WON, OpportunityStage.LOST)


class TaskKind(models.TextChoices):
    """What a member is to do next."""

    CALL = "call", "Call"
    MAIL = "mail", "E-mail"
    MEETING = "meeting", "Meeting"
    TODO = "todo", "To do"
    WOKEN = "woken", "Woken lead"


class EventKind(models.TextChoices):
    """Everything that can happen to a person: timeline, scoring input, attribution input."""

    FORM_SUBMITTED = "form_submitted", "Form submitted"
    INQUIRY_REPEATED = "inquiry_repeated", "Same inquiry again"
    PAGE_VIEWED = "page_viewed", "Page viewed"
    CONTENT_DOWNLOADED = "content_downloaded", "Content downloaded"
    WEBINAR_REGISTERED = "webinar_registered", "Webinar registered"
    WEBINAR_ATTENDED = "webinar_attended", "Webinar attended"
    MEETING_REQUESTED = "meeting_requested", "Meeting requested"
    MEETING_BOOKED = "meeting_booked", "Meeting booked"
    MEETING_HELD = "meeting_held", "Meeting held"
    MEETING_NO_SHOW = "meeting_no_show", "Meeting missed"
    CALL_OUTBOUND = "call_outbound", "Call made"
    CALL_INBOUND = "call_inbound", "Call received"
    VOICEMAIL_LEFT = "voicemail_left", "Voicemail left"
    MAIL_SENT = "mail_sent", "Mail sent"
    MAIL_OPENED = "mail_opened", "Mail opened"
    MAIL_CLICKED = "mail_clicked", "Mail clicked"
    MAIL_REPLIED = "mail_replied", "Mail replied"
    MAIL_AUTO_REPLIED = "mail_auto_replied", "Automatic answer"
    MAIL_BOUNCED = "mail_bounced", "Mail came back"
    MESSAGE_SENT = "message_sent", "Message sent"
    CHAT = "chat", "Chat"
    NOTE = "note", "Note"
    ACKNOWLEDGED = "acknowledged", "Acknowledgement sent"
    STAGE_CHANGED = "stage_changed", "Stage changed"
    VERDICT_CHANGED = "verdict_changed", "Verdict changed"
    INQUIRY_CHANGED = "inquiry_changed", "Inquiry changed"
    VALUE_CHANGED = "value_changed", "Quote value changed"
    OWNER_CHANGED = "owner_changed", "Owner changed"
    QUALIFICATION_CHANGED = "qualification_changed", "Qualification changed"
    DETAILS_CHANGED = "details_changed", "Details changed"
    DISPOSED = "disposed", "Disposition set"
    SNOOZED = "snoozed", "Put off"
    WOKEN = "woken", "Woken up"
    OUTCOME_UNDONE = "outcome_undone", "Outcome undone"
    PEOPLE_MERGED = "people_merged", "Same person found"
    PEOPLE_PARTED = "people_parted", "Merge undone"
    COOLING = "cooling", "Cooling"
    OPPORTUNITY_OPENED = "opportunity_opened", "Opportunity opened"
    OPPORTUNITY_CHANGED = "opportunity_changed", "Opportunity changed"
    OPPORTUNITY_WON = "opportunity_won", "Opportunity won"
    OPPORTUNITY_LOST = "opportunity_lost", "Opportunity lost"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    SEQUENCE_ENTERED = "sequence_entered", "Sequence entered"
    SEQUENCE_LEFT = "sequence_left", "Sequence left"
    CUSTOM = "custom", "Custom event"
