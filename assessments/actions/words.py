from assessments import screening
from assessments.actions.refusals import WorkflowError

LONGEST = 2000


def checked_words(text: str, *, needed: str = "") -> str:
    """Give a reason or reply as it is stored. Raises WorkflowError for what must not be.

    `needed` is the sentence for an empty one; without it the words may be left out.
    """
    text = text.replace("\r\n", "\n").strip()
    if needed and not text:
        raise WorkflowError(needed)
    if len(text) > LONGEST:
        raise WorkflowError(f"This is {len(text)} characters long; at most {LONGEST} are kept.")
    if "\x00" in text:
        raise WorkflowError("It holds a character that cannot be stored.")
    if forbidden := screening.find_forbidden(text):
        raise WorkflowError(forbidden)
    return text
