"""What is here: walking a source folder, sniffing files by content, freezing inventory and shards."""
