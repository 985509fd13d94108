"""`python -m leadhub.cli`: how the supervisor calls the command without relying on PATH."""

from leadhub.cli import main

main()
