"""Commands of 工作日历."""
