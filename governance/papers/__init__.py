"""Papers made from the facts: what each is called, who writes it, and when it is out of date."""
