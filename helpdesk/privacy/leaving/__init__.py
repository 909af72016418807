"""Taking everything along and leaving: the file, reading it again, and closing a desk."""
