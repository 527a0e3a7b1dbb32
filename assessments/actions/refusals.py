class WorkflowError(Exception):
    """The step cannot be taken now; the message is a sentence for the person."""


class Moved(WorkflowError):
    """Somebody else moved the assessment first."""


class Already(WorkflowError):
    """The step was taken already, by a second click or in another window: nothing is left to do."""


class NotYours(WorkflowError):
    """The step belongs to somebody else."""
