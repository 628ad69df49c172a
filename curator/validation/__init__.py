"""Installation and operation qualification on the user's own machine: checks, and the protocol of their results."""
