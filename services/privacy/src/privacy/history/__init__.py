"""What happened to an account: entries of a history, found, shown for as long as its home organization says."""
