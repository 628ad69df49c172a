"""May it leave? Checks on a project, a package or a delivered folder, and the gate over them."""
