"""Tests of 工作日历."""
