"""The pages of nurture: sequences, enrollments, the suppression list, settings."""
