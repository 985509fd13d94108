"""The thresholds page and what is edited on it. Everybody may look; the admin edits."""
