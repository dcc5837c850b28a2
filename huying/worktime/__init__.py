"""工作日历: working days, make-up workdays and deadline arithmetic."""
