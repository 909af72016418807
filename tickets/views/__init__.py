"""The desk's pages and fragments: parse, authorise, call one selector or service, render."""
