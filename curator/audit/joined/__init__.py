"""Auditing sites that were joined: what one site answers for is asked of each site, all else of all together."""
