"""Nurture: mail to people."""

from django.apps import AppConfig


class NurtureConfig(AppConfig):
    """Acknowledgements and sequences."""

    name = "nurture"
    label = "nurture"
    default = True

    def ready(self) -> None:
        """Register what must happen later, and what the sender asks of nurture's mail and tells it."""
        from leadhub.delivery.purposes import Purpose, register_purpose
        from leadhub.leads.conditions.uses import register_rules
        from leadhub.work.models import Lane
        from leadhub.work.registry import register
        from nurture import fitting, mailing, path, personal, progress, sequences, settings, turns, uses

        register(path.STEP, Lane.MAIL, progress.run_step)
        register(sequences.RESUME, Lane.BULK, progress.run_resume)
        register(sequences.ARCHIVE, Lane.BULK, progress.run_archive)
        register(settings.TURNS, Lane.BULK, turns.run_take_turns_anew)
        register(sequences.ENTER_FITTING, Lane.BULK, fitting.run_enter_fitting)
        register_rules("nurture", uses.list_sequence_rules)
        register_purpose(mailing.PURPOSE, Purpose(rule=mailing.rule_on_delivery, note_sent=mailing.note_sent))
        letters = Purpose(
            note_sent=personal.note_sent, note_unsent=personal.note_unsent, note_returned=personal.note_returned
        )
        register_purpose(personal.PURPOSE, letters)
