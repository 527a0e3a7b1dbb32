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


SIGNER_OF_ANOTHERS_REVIEW = (
    "{rater} rated these statements; I have compared both sides' ratings, and confirm this"
    " placement as my own judgement."
)
SECOND_SIGNER = (
    "I have read both sides' ratings, what was reconciled and the first signer's decision,"
    " and confirm this placement as my own judgement."
)
DECIDER = (
    "I signed nothing in this assessment before, rated the disputed statements without seeing"
    " the ratings of others, and confirm this placement as my own judgement."
)
CORRECTION = (
    "I correct this placement for the reason I give, by the ratings of both sides as they were"
    " signed, and confirm the corrected placement as my own judgement."
)
REVOCATION = (
    "I revoke this placement for the reason I give. From this moment nobody is placed by it; what"
    " was sealed stays and can be read."
)
ACKNOWLEDGEMENT = "I have seen this placement. Having seen it does not mean that I agree."


def signer_declaration(round_number: int, rater: str | None = None) -> str:
    """Give the signer's sentence: only a first round is rated without having seen the other's.

    `rater` is the name of whoever completed the review where that was not the signer.
    """
    if rater is not None:
        return SIGNER_OF_ANOTHERS_REVIEW.format(rater=rater)
    return SIGNER if round_number == 1 else SIGNER_INFORMED
