"""Checks of the course's exercises: one function per property, shared by lesson, grader and tests."""

from vilib.checks.judge import agree, expect, expect_mean
from vilib.checks.mistake import Mistake, passed

__all__ = ["Mistake", "agree", "expect", "expect_mean", "passed"]
