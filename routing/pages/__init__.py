"""The routing pages: rules and pools. Everyone views, an admin edits."""
