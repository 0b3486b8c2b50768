"""Answers to the exercises, right and wrong, and what the lessons' own test cells say of them."""
