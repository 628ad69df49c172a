"""Reading and writing bytes of foreign formats. Decides nothing, keeps nothing, prints nothing."""
