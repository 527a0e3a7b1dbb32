class WorkflowError(Exception):
    """The step cannot be taken now; the message is a sentence for the person."""


class Moved(WorkflowError):
    """Somebody else moved the assessment first."""


class NotYours(WorkflowError):
    """The step belongs to somebody else."""
