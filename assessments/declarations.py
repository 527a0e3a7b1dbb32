"""The sentences people put their name to; sealed with what they signed."""

CLERK = "I rated these statements myself, as they are true of my work today."
SIGNER = (
    "I rated these statements without seeing the clerk's ratings, have compared both,"
    " and confirm this placement as my own judgement."
)
SIGNER_INFORMED = (
    "I rated these statements again after both sides had seen the round before,"
    " have compared both, and confirm this placement as my own judgement."
)


def signer_declaration(round_number: int) -> str:
    """Give the signer's sentence: only a first round is rated without having seen the other's."""
    return SIGNER if round_number == 1 else SIGNER_INFORMED
