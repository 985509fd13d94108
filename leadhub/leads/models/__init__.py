"""The shared lead model, one record kind a module."""

from leadhub.leads.models.choices import (
    CLOSED_OPPORTUNITY_STAGES,
    CLOSED_STAGES,
    OPEN_STAGES,
    Channel,
    DispositionCode,
    Door,
    EventKind,
    Intent,
    MqlReason,
    OpportunityStage,
    Outcome,
    Stage,
    TaskKind,
    ValueSource,
    Verdict,
)
from leadhub.leads.models.company import Company
from leadhub.leads.models.event import Event
from leadhub.leads.models.inquiry import Inquiry
from leadhub.leads.models.lead import Lead, StageChange
from leadhub.leads.models.merge import PersonMerge
from leadhub.leads.models.opportunity import Opportunity, OpportunityLead
from leadhub.leads.models.person import ExternalRef, Identity, Person, Suppression
from leadhub.leads.models.saved_view import SavedView
from leadhub.leads.models.task import Task
from leadhub.leads.models.touch import Touch

__all__ = [
    "CLOSED_OPPORTUNITY_STAGES",
    "CLOSED_STAGES",
    "OPEN_STAGES",
    "Channel",
    "Company",
    "DispositionCode",
    "Door",
    "Event",
    "EventKind",
    "ExternalRef",
    "Identity",
    "Inquiry",
    "Intent",
    "Lead",
    "MqlReason",
    "Opportunity",
    "OpportunityLead",
    "OpportunityStage",
    "Outcome",
    "Person",
    "PersonMerge",
    "SavedView",
    "Stage",
    "StageChange",
    "Suppression",
    "Task",
    "TaskKind",
    "Touch",
    "ValueSource",
    "Verdict",
]
