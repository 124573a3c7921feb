"""What a fused model relies on, and how far that can be believed.

`contribution` and `occlusion` ask any model questions: which modality, which bands, which
pixels. `gradients` and `attention_maps` look inside a net. `information` splits what two
sources say about a label into redundant, unique and synergistic. `planted` is what simulated
leaves were made of, which explanations are held to.
"""

from .contribution import (
    exchange,
    interaction,
    permutation_drops,
    permutation_partners,
    shapley,
    worth_of_modalities,
)

__all__ = [
    "exchange",
    "interaction",
    "permutation_drops",
    "permutation_partners",
    "shapley",
    "worth_of_modalities",
]
