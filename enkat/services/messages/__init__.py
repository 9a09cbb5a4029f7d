"""Messages to staff: queued with the change that causes them, handed over afterwards, tried again with longer waits."""
