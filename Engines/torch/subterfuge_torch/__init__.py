"""Trains language models on transformers, peft and torch with the formulas of the Swift trainer."""
