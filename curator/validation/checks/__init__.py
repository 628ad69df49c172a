"""The checks: what is installed, what the machine does, and each clause of 21 CFR Part 11 for real."""
