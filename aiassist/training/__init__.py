"""Makes the files in aiassist/core/data. Run by hand; nothing here is imported by the product."""
