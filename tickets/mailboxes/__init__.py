"""Real mailboxes: find their settings, reach them, fetch, send, try them out, and say in words what is wrong."""
