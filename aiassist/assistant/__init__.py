"""The assistant on the help pages: the one place where words of the AI reach a customer without a person between."""
