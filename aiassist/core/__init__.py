"""The AI pure core: text in, text out, no database, no settings, no log."""
