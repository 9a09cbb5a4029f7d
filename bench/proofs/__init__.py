"""Long proofs: races, kills, the count, the attacker. Each has `main()` and writes its own result."""
