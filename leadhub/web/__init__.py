"""The shell every screen stands in: layout, navigation, components and their template tags."""
