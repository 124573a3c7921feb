"""What a fused model relies on, and how far that can be believed.

`modalities` and `places` ask any model questions: which modality, which bands, which pixels.
`nets` looks inside a net. `information` splits what two sources say about a label into
redundant, unique and synergistic.
"""

from .contribution import (
    exchange,
    interaction,
    permutation_drops,
    shapley,
    strangers,
    worth_of_modalities,
)

__all__ = [
    "exchange",
    "interaction",
    "permutation_drops",
    "shapley",
    "strangers",
    "worth_of_modalities",
]
