import datetime


def days_until(day: datetime.date, today: datetime.date) -> str:
    """Say how far away a day is: "in 9 days", "tomorrow", "today", "3 days ago"."""
    days = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Give the same day some months on, or that month's last day where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = datetime.date(day.year + year, month + 1, 1)
    next_first = (first + datetime.timedelta(days=31)).replace(day=1)
    last = (next_first - datetime.timedelta(days=1)).day
    return first.replace(day=min(day.day, last))
