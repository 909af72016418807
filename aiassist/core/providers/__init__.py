"""Those who write a draft: the built-in one and any OpenAI-compatible service."""
