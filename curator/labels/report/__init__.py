"""The report on a project's signed labels: who agrees with whom on what, where not, how much by week, and by whom."""
