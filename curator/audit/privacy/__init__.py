"""What the privacy checks share: probes that look at a file once for several of them, and how answers are made."""
