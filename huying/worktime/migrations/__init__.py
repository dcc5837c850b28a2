"""Migrations of 工作日历."""
