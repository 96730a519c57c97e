"""What each process promises to the others: endpoints, events and problems, declared once."""
