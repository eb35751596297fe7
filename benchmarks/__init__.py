"""What is measured, and what it is held against: `python benchmarks/run.py`."""
