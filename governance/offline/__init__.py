"""What works without this product: programs that go along with an export."""
