"""What leads a new organization to its first real lead. The home page shows it until it is done or not needed."""

from dataclasses import dataclass

from django.urls import reverse

from capture.models import Form, Submission
from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization
from leadhub.web.navigation import find_url
from routing.models import PoolMember
from scoring.models import ScoreModel

SETTLED = 10


@dataclass(frozen=True)
class Task:
    """One step: what to do, why, where, and whether it is done."""

    title: str
    text: str
    url: str
    button: str
    is_done: bool


@dataclass(frozen=True)
class Checklist:
    """The steps in order."""

    tasks: list[Task]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(task.is_done for task in self.tasks)

    @property
    def words(self) -> str:
        """How far it has come."""
        return f"{self.done} of {len(self.tasks)}"

    @property
    def is_complete(self) -> bool:
        """Say whether there is nothing left to do."""
        return self.done == len(self.tasks)

    @property
    def has_lead(self) -> bool:
        """Say whether the last step is done, a real lead: before it there is nothing to measure."""
        return self.tasks[-1].is_done

    @property
    def next_task(self) -> Task | None:
        """The first that is open."""
        return next((task for task in self.tasks if not task.is_done), None)


def needs_checklist() -> bool:
    """Say whether the organization is still finding its feet: ten leads in, it is not."""
    return Lead.objects.filter(is_test=False)[:SETTLED].count() < SETTLED


def read_checklist(*, organization: Organization) -> Checklist:
    """Return the steps with their state, in six statements."""
    has_lead = Lead.objects.filter(is_test=False).exists()
    members = Membership.objects.filter(organization=organization, is_active=True).count()
    return Checklist([_try_form(), *_list_settings(members=members, has_lead=has_lead), *_list_last(has_lead=has_lead)])


def _try_form() -> Task:
    form = Form.objects.filter(is_active=True).order_by("created_at").first()
    return Task(
        "Try your form",
        "A form is ready, hosted by LeadHub. Send yourself a first inquiry and watch it arrive in the queue.",
        f"/f/{form.key}" if form else find_url("form_list"),
        "Open the form",
        is_done=Submission.objects.filter(form__isnull=False).exists(),
    )


def _list_settings(*, members: int, has_lead: bool) -> list[Task]:
    return [
        Task(
            "Invite your colleagues",
            "Reps answer leads, marketers see what they are worth, a manager sees who is late.",
            find_url("member_list"),
            "Invite",
            is_done=members > 1,
        ),
        Task(
            "Say who takes turns",
            "Put the reps in a pool; each new lead goes to the next one on shift, within the promised time.",
            find_url("routing_rules"),
            "Set up routing",
            is_done=PoolMember.objects.count() > 1,
        ),
        Task(
            "Look at the bar for sales",
            "The score model says which leads are ready for sales. The preset is a good start.",
            find_url("score_model"),
            "See the thresholds",
            is_done=has_lead or ScoreModel.objects.count() > 1,
        ),
    ]


def _list_last(*, has_lead: bool) -> list[Task]:
    return [
        Task(
            "Put the form on your site",
            "Copy one line of script into your page, with the channel and campaign kept.",
            find_url("form_list"),
            "Get the snippet",
            is_done=Submission.objects.filter(form__isnull=False, request__origin__gt="").exists(),
        ),
        Task(
            "Your first real lead",
            "It arrives by itself, or enter one by hand.",
            reverse("lead_create"),
            "Enter a lead",
            is_done=has_lead,
        ),
    ]
