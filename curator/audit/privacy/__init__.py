"""What the privacy checks share: probes that look at a file once for several of them, and how their answers are made."""
