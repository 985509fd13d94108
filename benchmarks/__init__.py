"""Benchmarks: `make bench` prints figures and same-run ratios of this machine, and asserts none."""
