"""Imports: an uploaded table, its chunks, what each row became, and mappings to be used again."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Lead, Person
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned, OrganizationPart


class Import(OrganizationOwned):
    """One row per uploaded file. Written by `capture.imports`; `plan` is the mapping and the choices beside it.

    Its state only goes forward: mapping → checking → checked → running → done → undoing → undone.
    """

    class State(models.TextChoices):
        """How far it has come."""

        MAPPING = "mapping", "Waits for its columns"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Ready to import"
        RUNNING = "running", "Being imported"
        DONE = "done", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    name = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State, default=State.MAPPING)
    layout = models.JSONField(default=dict, help_text="kind, encoding, delimiter")
    header = models.JSONField(default=list, help_text="The columns' names, in order.")
    sample = models.JSONField(default=list, help_text="The first rows, as text.")
    plan = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    starts_itself = models.BooleanField(default=False, help_text="Runs as soon as it is checked (the API).")
    created_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "import"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["mapping", "checking", "checked", "running", "done", "undoing", "undone"]),
                name="import_state",
            )
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="import_created")]

    def __str__(self) -> str:
        return self.name


class ImportChunk(OrganizationOwned):
    """One row per thousand rows of a file: what is checked, imported and undone in one transaction. Unique: number.

    `rows` are the cells as they were read, none for a blank row, which `row_count` leaves out; `parsed` what the check
    made of them; `errors` what it found.
    """

    class State(models.TextChoices):
        """How far it has come."""

        STORED = "stored", "Stored"
        CHECKED = "checked", "Checked"
        SETTLED = "settled", "Imported"
        UNDONE = "undone", "Undone"

    upload = TenantForeignKey(Import, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField(help_text="The number of its first row in the file; the header is row 1.")
    row_count = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.STORED)
    rows = models.JSONField(default=list)
    parsed = models.JSONField(default=list)
    errors = models.JSONField(default=list, help_text="[{row, column, value, message}]")
    new_keys = models.JSONField(default=list, help_text="The strongest key of each row of an unknown person.")
    counts = models.JSONField(default=dict, help_text="new, known, invalid, keyless")

    class Meta(OrganizationOwned.Meta):
        db_table = "import_chunk"
        constraints = [
            models.UniqueConstraint(fields=["organization", "upload", "number"], name="import_chunk_number"),
            models.CheckConstraint(
                condition=Q(state__in=["stored", "checked", "settled", "undone"]), name="import_chunk_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number}"


class ImportRow(OrganizationPart):
    """The ledger: one row per row of the file and what became of it. Written when its chunk is settled or undone.

    `made` names what the row created, `changed` what it overwrote: {"person": {field: [before, after]}, "lead": …}.
    Unique: (upload, number).
    """

    class Outcome(models.TextChoices):
        """What became of the row."""

        CREATED = "created", "Created"
        UPDATED = "updated", "Updated"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"

    class Undoing(models.TextChoices):
        """What undoing the import did about the row."""

        TAKEN_BACK = "taken_back", "Taken back"
        KEPT = "kept", "Kept"

    upload = TenantForeignKey(Import, models.CASCADE, related_name="ledger")
    number = models.PositiveIntegerField(help_text="In the file; the header is row 1.")
    outcome = models.CharField(max_length=16, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)
    undoing = models.CharField(max_length=16, choices=Undoing, blank=True)
    undoing_note = models.CharField(max_length=300, blank=True)
    person = TenantForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    lead = TenantForeignKey(Lead, models.SET_NULL, null=True, blank=True, related_name="+")
    inquiry = TenantForeignKey(Inquiry, models.SET_NULL, null=True, blank=True, related_name="+")
    made = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)

    class Meta(OrganizationPart.Meta):
        db_table = "import_row"
        constraints = [
            models.UniqueConstraint(fields=["organization", "upload", "number"], name="import_row_number"),
            models.CheckConstraint(
                condition=Q(outcome__in=["created", "updated", "skipped", "failed"]), name="import_row_outcome"
            ),
            models.CheckConstraint(
                condition=Q(undoing="") | Q(undoing__in=["taken_back", "kept"]), name="import_row_undoing"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "person"], name="import_row_person"),
            models.Index(fields=["organization", "lead"], name="import_row_lead"),
            models.Index(fields=["organization", "inquiry"], name="import_row_inquiry"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class ImportMapping(OrganizationOwned):
    """One row per header that was mapped, to be offered again. Written when a plan is saved. Unique: header_sha256."""

    header_sha256 = models.CharField(max_length=64)
    plan = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "import_mapping"
        constraints = [models.UniqueConstraint(fields=["organization", "header_sha256"], name="import_mapping_header")]

    def __str__(self) -> str:
        return self.header_sha256
