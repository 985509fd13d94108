"""URLs of the API."""

from django.urls import path
from drf_spectacular.views import SpectacularSwaggerSplitView

from leadhub.accounts.access import public_view
from leadhub.api.audit import AuditLog
from leadhub.api.caller import Me, Views
from leadhub.api.consents import LeadConsents
from leadhub.api.deals import LeadOpportunities, Opportunities, OpportunityDetail
from leadhub.api.document import Schema
from leadhub.api.emails import LeadEmails
from leadhub.api.enrollments import EnrollmentDetail, SequenceEnrollments, SuppressionDetail, Suppressions
from leadhub.api.forms import FormDetail, Forms
from leadhub.api.funnel_reports import Funnel
from leadhub.api.google_keys import GoogleKey
from leadhub.api.imports import ImportDetail, ImportList, ImportRows, ImportRun, ImportUndo
from leadhub.api.lead_resources import (
    LeadAssignment,
    LeadDisposition,
    LeadEvents,
    LeadInquiries,
    LeadStage,
    LeadVerdict,
)
from leadhub.api.leads import LeadDetail, LeadList
from leadhub.api.mail import InboundMail
from leadhub.api.mail_templates import MailTemplateDetail, MailTemplates
from leadhub.api.members import MemberAbsence, Members
from leadhub.api.merges import MergeUndo, PersonMerges
from leadhub.api.metric_reports import Metrics
from leadhub.api.outcomes import LeadOutcomes, OutcomeUndo
from leadhub.api.people import PersonDetail, PersonList
from leadhub.api.pools import PoolDetail, PoolHoliday, Pools, PoolTurn
from leadhub.api.progress_reports import Cohorts, LostReasons, Speed
from leadhub.api.queue import QueueView
from leadhub.api.reassignments import Reassignments, ReassignmentUndo
from leadhub.api.reports import SourceValue
from leadhub.api.routing_rules import (
    RoutingRuleDetail,
    RoutingRules,
    RoutingRulesDraft,
    RoutingRulesPreview,
    RoutingRulesPublications,
)
from leadhub.api.score_models import (
    ScoreModelDraft,
    ScoreModelPreview,
    ScoreModelPublications,
    ScoreModels,
    ScoreRule,
)
from leadhub.api.sending_rules import SendingRulesView
from leadhub.api.sequences import (
    SequenceDetail,
    Sequences,
    SequenceState,
    SequenceStatisticsView,
    SequenceSteps,
    StepDetail,
)
from leadhub.api.snoozing import LeadSnooze
from leadhub.api.spend import SpendDetail, SpendList
from leadhub.api.submissions import SubmissionDetail, SubmissionRelease, Submissions
from leadhub.api.targets import TargetList
from leadhub.api.tasks import LeadTasks, TaskCompletion, TaskDetail, Tasks
from leadhub.api.webhooks import (
    WebhookDeliveries,
    WebhookDelivery,
    WebhookDeliveryAgain,
    WebhookDetail,
    Webhooks,
    WebhookSecret,
    WebhookState,
    WebhookTest,
)

urlpatterns = [
    path("schema/", public_view(Schema.as_view()), name="api_schema"),
    path("docs/", public_view(SpectacularSwaggerSplitView.as_view(url_name="api_schema")), name="api_docs"),
    path("v1/mail/inbound/", InboundMail.as_view(), name="api_mail_inbound"),
    path("v1/me/", Me.as_view(), name="api_me"),
    path("v1/views/", Views.as_view(), name="api_views"),
    path("v1/submissions/", Submissions.as_view(), name="api_submissions"),
    path("v1/submissions/<uuid:pk>/", SubmissionDetail.as_view(), name="api_submission"),
    path("v1/submissions/<uuid:pk>/release/", SubmissionRelease.as_view(), name="api_submission_release"),
    path("v1/people/", PersonList.as_view(), name="api_people"),
    path("v1/people/<uuid:pk>/", PersonDetail.as_view(), name="api_person"),
    path("v1/people/<uuid:pk>/merges/", PersonMerges.as_view(), name="api_person_merges"),
    path("v1/merges/<uuid:pk>/undo/", MergeUndo.as_view(), name="api_merge_undo"),
    path("v1/leads/", LeadList.as_view(), name="api_leads"),
    path("v1/leads/<uuid:pk>/", LeadDetail.as_view(), name="api_lead"),
    path("v1/leads/<uuid:pk>/events/", LeadEvents.as_view(), name="api_lead_events"),
    path("v1/leads/<uuid:pk>/inquiries/", LeadInquiries.as_view(), name="api_lead_inquiries"),
    path("v1/leads/<uuid:pk>/outcomes/", LeadOutcomes.as_view(), name="api_lead_outcomes"),
    path("v1/leads/<uuid:pk>/outcomes/<uuid:event>/undo/", OutcomeUndo.as_view(), name="api_lead_outcome_undo"),
    path("v1/leads/<uuid:pk>/tasks/", LeadTasks.as_view(), name="api_lead_tasks"),
    path("v1/leads/<uuid:pk>/snooze/", LeadSnooze.as_view(), name="api_lead_snooze"),
    path("v1/tasks/", Tasks.as_view(), name="api_tasks"),
    path("v1/tasks/<uuid:pk>/", TaskDetail.as_view(), name="api_task"),
    path("v1/tasks/<uuid:pk>/completion/", TaskCompletion.as_view(), name="api_task_completion"),
    path("v1/leads/<uuid:pk>/emails/", LeadEmails.as_view(), name="api_lead_emails"),
    path("v1/mail-templates/", MailTemplates.as_view(), name="api_mail_templates"),
    path("v1/mail-templates/<uuid:pk>/", MailTemplateDetail.as_view(), name="api_mail_template"),
    path("v1/leads/<uuid:pk>/stage/", LeadStage.as_view(), name="api_lead_stage"),
    path("v1/leads/<uuid:pk>/consents/", LeadConsents.as_view(), name="api_lead_consents"),
    path("v1/leads/<uuid:pk>/verdict/", LeadVerdict.as_view(), name="api_lead_verdict"),
    path("v1/leads/<uuid:pk>/assignment/", LeadAssignment.as_view(), name="api_lead_assignment"),
    path("v1/leads/<uuid:pk>/disposition/", LeadDisposition.as_view(), name="api_lead_disposition"),
    path("v1/leads/<uuid:pk>/opportunities/", LeadOpportunities.as_view(), name="api_lead_opportunities"),
    path("v1/reassignments/", Reassignments.as_view(), name="api_reassignments"),
    path("v1/reassignments/<uuid:pk>/undo/", ReassignmentUndo.as_view(), name="api_reassignment_undo"),
    path("v1/opportunities/", Opportunities.as_view(), name="api_opportunities"),
    path("v1/opportunities/<uuid:pk>/", OpportunityDetail.as_view(), name="api_opportunity"),
    path("v1/sequences/", Sequences.as_view(), name="api_sequences"),
    path("v1/sequences/<uuid:pk>/", SequenceDetail.as_view(), name="api_sequence"),
    path("v1/sequences/<uuid:pk>/steps/", SequenceSteps.as_view(), name="api_sequence_steps"),
    path("v1/steps/<uuid:pk>/", StepDetail.as_view(), name="api_step"),
    path("v1/sequences/<uuid:pk>/state/", SequenceState.as_view(), name="api_sequence_state"),
    path("v1/sequences/<uuid:pk>/statistics/", SequenceStatisticsView.as_view(), name="api_sequence_statistics"),
    path("v1/sequences/<uuid:pk>/enrollments/", SequenceEnrollments.as_view(), name="api_sequence_enrollments"),
    path("v1/enrollments/<uuid:pk>/", EnrollmentDetail.as_view(), name="api_enrollment"),
    path("v1/sending-rules/", SendingRulesView.as_view(), name="api_sending_rules"),
    path("v1/suppressions/", Suppressions.as_view(), name="api_suppressions"),
    path("v1/suppressions/<uuid:pk>/", SuppressionDetail.as_view(), name="api_suppression"),
    path("v1/imports/", ImportList.as_view(), name="api_imports"),
    path("v1/imports/<uuid:pk>/", ImportDetail.as_view(), name="api_import"),
    path("v1/imports/<uuid:pk>/rows/", ImportRows.as_view(), name="api_import_rows"),
    path("v1/imports/<uuid:pk>/run/", ImportRun.as_view(), name="api_import_run"),
    path("v1/imports/<uuid:pk>/undo/", ImportUndo.as_view(), name="api_import_undo"),
    path("v1/queue/", QueueView.as_view(), name="api_queue"),
    path("v1/reports/source-value/", SourceValue.as_view(), name="api_source_value"),
    path("v1/spend/", SpendList.as_view(), name="api_spend_list"),
    path("v1/spend/<uuid:pk>/", SpendDetail.as_view(), name="api_spend"),
    path("v1/targets/", TargetList.as_view(), name="api_targets"),
    path("v1/reports/funnel/", Funnel.as_view(), name="api_funnel"),
    path("v1/reports/cohorts/", Cohorts.as_view(), name="api_cohorts"),
    path("v1/reports/speed/", Speed.as_view(), name="api_speed"),
    path("v1/reports/lost-reasons/", LostReasons.as_view(), name="api_lost_reasons"),
    path("v1/reports/metrics/", Metrics.as_view(), name="api_metrics"),
    path("v1/score-models/", ScoreModels.as_view(), name="api_score_models"),
    path("v1/score-models/draft/", ScoreModelDraft.as_view(), name="api_score_model_draft"),
    path("v1/score-models/draft/rules/<slug:kind>/<str:key>/", ScoreRule.as_view(), name="api_score_rule"),
    path("v1/score-models/draft/preview/", ScoreModelPreview.as_view(), name="api_score_model_preview"),
    path("v1/score-models/publications/", ScoreModelPublications.as_view(), name="api_score_model_publications"),
    path("v1/routing-rules/", RoutingRules.as_view(), name="api_routing_rules"),
    path("v1/routing-rules/draft/", RoutingRulesDraft.as_view(), name="api_routing_draft"),
    path("v1/routing-rules/<uuid:pk>/", RoutingRuleDetail.as_view(), name="api_routing_rule"),
    path("v1/routing-rules/draft/preview/", RoutingRulesPreview.as_view(), name="api_routing_rules_preview"),
    path("v1/routing-rules/publications/", RoutingRulesPublications.as_view(), name="api_routing_publications"),
    path("v1/webhooks/", Webhooks.as_view(), name="api_webhooks"),
    path("v1/webhooks/<uuid:pk>/", WebhookDetail.as_view(), name="api_webhook"),
    path("v1/webhooks/<uuid:pk>/secret/", WebhookSecret.as_view(), name="api_webhook_secret"),
    path("v1/webhooks/<uuid:pk>/state/", WebhookState.as_view(), name="api_webhook_state"),
    path("v1/webhooks/<uuid:pk>/test/", WebhookTest.as_view(), name="api_webhook_test"),
    path("v1/webhooks/<uuid:pk>/deliveries/", WebhookDeliveries.as_view(), name="api_webhook_deliveries"),
    path("v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery>/", WebhookDelivery.as_view(), name="api_webhook_delivery"),
    path(
        "v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery>/again/",
        WebhookDeliveryAgain.as_view(),
        name="api_webhook_delivery_again",
    ),
    path("v1/audit-log/", AuditLog.as_view(), name="api_audit_log"),
    path("v1/members/", Members.as_view(), name="api_members"),
    path("v1/members/<uuid:pk>/absence/", MemberAbsence.as_view(), name="api_member_absence"),
    path("v1/forms/", Forms.as_view(), name="api_forms"),
    path("v1/forms/<uuid:pk>/", FormDetail.as_view(), name="api_form"),
    path("v1/forms/<uuid:pk>/google-key/", GoogleKey.as_view(), name="api_form_google_key"),
    path("v1/pools/", Pools.as_view(), name="api_pools"),
    path("v1/pools/<uuid:pk>/", PoolDetail.as_view(), name="api_pool"),
    path("v1/pools/<uuid:pk>/members/<uuid:member>/", PoolTurn.as_view(), name="api_pool_member"),
    path("v1/pools/<uuid:pk>/holidays/<str:on>/", PoolHoliday.as_view(), name="api_pool_holiday"),
]
