"""What turns named evidence into probabilities."""

import msgspec


class Weights(msgspec.Struct, frozen=True):
    """A logistic table: log-odds that a value is right are `bias` and the sum of the weights of its evidence."""

    bias: float
    weights: dict[str, float]


class Calibration(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fitted calibration: a table for each field.

    The lead's and the deadline's are for tasks whose text is right, so that the three probabilities multiply;
    the log-odds of their product times `slope` plus `shift` are those of the whole record. `version` names it,
    `fitted_on` says from what, `records` how many records that were.
    """

    version: str
    text: Weights
    lead: Weights
    deadline: Weights
    slope: float = 1.0
    shift: float = 0.0
    fitted_on: str = ""
    records: int = 0
