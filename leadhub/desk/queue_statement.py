"""The one statement behind the queue: whose leads, why each is next, in which order. `queue.py` runs it.

Written by hand and not by the ORM, which would take longer to compile it than PostgreSQL to run it. Nobody works what
marketing has before it is ready; such leads are many, so they are left out first. A lead that ended comes back with a
task that it got since: a sequence asks for a call to somebody who went to a competitor, or who bought, a colleague for
a last word to one who does not fit. Only such a task counts then: what was promised before, and the day that the lead
was parked until, its end settled.

There are two forms with one answer. A rep owns few new leads: each is looked up among what is asked of sales. Who
answers for marketing owns nearly all of them: what is asked of sales is looked up among those.
"""

from scoring.grid import grade_sql
from scoring.points import line_sql
from scoring.statement import half_lives_sql

_HALF_LIVES = half_lives_sql(now="%(now)s::timestamptz", since="live.as_of", half_life_days="live.half_life_days")
_GRADE = grade_sql(
    fit="chosen.fit", engagement="chosen.engagement", fit_bar="bar.fit_bar", line=line_sql("bar.engagement_bar")
)
_ENDED_AT = """CASE lead.stage WHEN 'recycled' THEN lead.recycled_at WHEN 'customer' THEN lead.customer_at
      WHEN 'disqualified' THEN lead.disqualified_at END"""
_OWN_LEADS = f"""
  SELECT lead.id, lead.person_id, lead.number, lead.stage, lead.verdict, lead.channel, lead.source, lead.campaign,
    lead.currency, lead.captured_at, lead.cooling_at, lead.quote_value, lead.pipeline_value,
    CASE WHEN lead.stage = ANY(%(open)s) THEN lead.wakes_at END AS wakes_at, {_ENDED_AT} AS ended_at,
    COALESCE(live.fit, 0) AS fit, COALESCE(live.engagement * power(0.5::float8, {_HALF_LIVES}), 0) AS engagement
  FROM lead
  LEFT JOIN lead_score live ON live.organization_id = %(organization)s AND live.lead_id = lead.id
  WHERE lead.organization_id = %(organization)s AND lead.owner_id = %(member)s
    AND (%(lead)s::uuid IS NULL OR lead.id = %(lead)s)
"""  # noqa: S608 (our own text)
_ASKED = """
  SELECT lead_id FROM inquiry WHERE organization_id = %(organization)s AND first_attempt_at IS NULL
    AND due_at IS NOT NULL AND duplicate_of_id IS NULL
  UNION ALL
  SELECT lead_id FROM task WHERE organization_id = %(organization)s AND member_id = %(member)s AND done_at IS NULL
  UNION ALL
  SELECT lead_id FROM assignment WHERE organization_id = %(organization)s AND member_id = %(member)s
    AND ended_at IS NULL AND is_sales
"""
_OPEN_BY_OWNER = f"""{_OWN_LEADS}
    AND lead.stage = ANY(%(open)s) AND (lead.stage <> 'new' OR lead.id IN ({_ASKED}))
"""
# OFFSET keeps the planner, which takes owner and organization for independent, from reading all new leads after all.
_OPEN_BY_WHAT_IS_ASKED = f"""{_OWN_LEADS}
    AND lead.stage = ANY(%(worked)s)
  UNION ALL
  SELECT own.* FROM (SELECT DISTINCT lead_id FROM ({_ASKED}) AS each) AS asked
  CROSS JOIN LATERAL ({_OWN_LEADS} AND lead.stage = 'new' AND lead.id = asked.lead_id OFFSET 0) AS own
"""  # noqa: S608 (our own text)
# From the member's tasks, which are few, to the leads: those that ended are many.
_ENDED = f"""
  SELECT own.* FROM (
    SELECT lead_id, MAX(created_at) AS latest_at FROM task
    WHERE organization_id = %(organization)s AND member_id = %(member)s AND done_at IS NULL GROUP BY lead_id
  ) AS promised_since
  CROSS JOIN LATERAL ({_OWN_LEADS} AND lead.stage IN ('recycled', 'customer', 'disqualified')
    AND lead.id = promised_since.lead_id AND promised_since.latest_at > {_ENDED_AT} OFFSET 0) AS own
"""  # noqa: S608 (our own text)
_OF_MINE = f"""
waiting AS (
  SELECT DISTINCT ON (inquiry.lead_id) inquiry.lead_id, inquiry.due_at, inquiry.intent,
    COALESCE(inquiry.handed_over_at, inquiry.arrived_at) AS asked_at
  FROM inquiry JOIN mine ON mine.id = inquiry.lead_id AND mine.stage = ANY(%(open)s)
  WHERE inquiry.organization_id = %(organization)s AND inquiry.first_attempt_at IS NULL AND inquiry.due_at IS NOT NULL
    AND inquiry.duplicate_of_id IS NULL
  ORDER BY inquiry.lead_id, inquiry.due_at
),
promised AS (
  SELECT DISTINCT ON (task.lead_id) task.lead_id, task.id, task.kind, task.title, task.due_at
  FROM task JOIN mine ON mine.id = task.lead_id AND (mine.ended_at IS NULL OR task.created_at > mine.ended_at)
  WHERE task.organization_id = %(organization)s AND task.member_id = %(member)s AND task.done_at IS NULL
  ORDER BY task.lead_id, task.due_at
),
judged AS (
  SELECT mine.*, waiting.due_at AS due_at, waiting.asked_at AS started_at,
    promised.id AS task_id, promised.kind AS task_kind, promised.title AS task_title, promised.due_at AS task_due_at,
    offer.state = 'offered' AS is_offered, offer.expires_at AS offer_expires_at, offer.pool_id,
    GREATEST(offer.assigned_at, waiting.asked_at, mine.captured_at) AS entered_at,
    (fit + engagement) * COALESCE(NULLIF(pipeline_value, 0), mine.quote_value, AVG(mine.quote_value) OVER (), 1)
      AS worth,
    CASE
      WHEN waiting.due_at <= %(now)s THEN 'sla_missed'
      WHEN waiting.intent = 'hot' THEN 'hot'
      WHEN mine.wakes_at > %(now)s THEN 'planned'
      WHEN promised.due_at < %(today)s AND promised.kind <> 'woken' THEN 'task_overdue'
      WHEN mine.wakes_at IS NOT NULL OR (promised.due_at <= %(now)s AND promised.kind = 'woken') THEN 'woken'
      WHEN promised.due_at <= %(now)s THEN 'task_due'
      WHEN waiting.due_at <= %(near)s THEN 'promise_near'
      WHEN waiting.lead_id IS NOT NULL THEN 'asked'
      WHEN promised.id IS NOT NULL THEN 'planned'
      ELSE 'worth'
    END AS reason
  FROM mine
  LEFT JOIN waiting ON waiting.lead_id = mine.id
  LEFT JOIN promised ON promised.lead_id = mine.id
  LEFT JOIN assignment offer
    ON offer.organization_id = %(organization)s AND offer.lead_id = mine.id AND offer.ended_at IS NULL
),
counted AS (
  SELECT COUNT(*) FILTER (WHERE reason IN ('sla_missed', 'task_overdue')) AS overdue_count,
    COUNT(*) FILTER (WHERE reason = 'hot') AS hot_count,
    COUNT(*) FILTER (WHERE reason IN ('woken', 'task_due', 'promise_near')) AS due_count,
    COUNT(*) FILTER (WHERE reason IN ('asked', 'worth')) AS next_count,
    COUNT(*) FILTER (WHERE reason = 'planned') AS planned_count
  FROM judged
),
chosen AS (
  SELECT judged.*, ROW_NUMBER() OVER (
    ORDER BY CASE reason
      WHEN 'sla_missed' THEN 0 WHEN 'task_overdue' THEN 1 WHEN 'hot' THEN 2
      WHEN 'woken' THEN 3 WHEN 'task_due' THEN 3 WHEN 'promise_near' THEN 3 ELSE 4 END,
    CASE
      WHEN reason IN ('sla_missed', 'hot', 'promise_near') THEN due_at
      WHEN reason IN ('task_overdue', 'task_due') THEN task_due_at
      WHEN reason IN ('woken', 'planned') THEN COALESCE(wakes_at, task_due_at) END,
    worth DESC, captured_at, id
  ) AS position
  FROM judged
  WHERE (reason = 'planned') = %(is_planned)s
  ORDER BY position
  LIMIT %(limit)s OFFSET %(offset)s
)
SELECT counted.*, chosen.*, chosen.id AS lead_id, chosen.fit + chosen.engagement AS score, pool.id AS closing_pool_id,
  CASE WHEN bar.fit_bar IS NULL THEN 'D4' ELSE {_GRADE} END AS grade, person.first_name, person.last_name, person.email,
  person.phone, person.do_not_contact,
  COALESCE(NULLIF(company.name, ''), NULLIF(person.company_name, ''), company.domain, '') AS company,
  COALESCE(words.message, '') AS message, COALESCE(words.service, '') AS service, COALESCE(words.intent, '') AS intent
FROM counted
LEFT JOIN chosen ON TRUE
LEFT JOIN score_model bar ON bar.organization_id = %(organization)s AND bar.state = 'published'
LEFT JOIN pool ON pool.organization_id = %(organization)s AND pool.id = chosen.pool_id AND NOT pool.works_always
  AND chosen.due_at > %(now)s
LEFT JOIN person ON person.organization_id = %(organization)s AND person.id = chosen.person_id
LEFT JOIN company ON company.organization_id = %(organization)s AND company.id = person.company_id
LEFT JOIN LATERAL (
  SELECT inquiry.message, inquiry.service, inquiry.intent FROM inquiry
  WHERE inquiry.organization_id = %(organization)s AND inquiry.lead_id = chosen.id
  ORDER BY inquiry.arrived_at DESC LIMIT 1
) words ON TRUE
ORDER BY chosen.position
"""  # noqa: S608 (our own text)
STATEMENT = f"WITH mine AS MATERIALIZED ({_OPEN_BY_OWNER} UNION ALL {_ENDED}), {_OF_MINE}"
STATEMENT_FOR_MARKETING = f"WITH mine AS MATERIALIZED ({_OPEN_BY_WHAT_IS_ASKED} UNION ALL {_ENDED}), {_OF_MINE}"
