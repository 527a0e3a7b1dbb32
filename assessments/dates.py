import datetime


def days_until(day: datetime.date, today: datetime.date) -> str:
    """Say how far away a day is: "in 9 days", "tomorrow", "today", "3 days ago"."""
    days = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"
