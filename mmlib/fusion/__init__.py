"""Ways to fuse, one file each, in the order of the course.

`early`, `multiblock`, `sopls`, `rosa` and `comdim` (these with `block_scores` and
`score_choice`), `cca` and `late` (with `experts` and `rules`) are made of scikit-learn objects;
`intermediate` fuses inside a net, in one of the ways of `attention`, `transformer`,
`contrastive`, `tensor` and `alignment_losses`; `graph` is a net of its own. `missing` and
`fallbacks` are for samples that lack a modality, `balanced` for a class that is rare, `presets` has
the whole ladder, `roles` says what each rung is.

Names are imported when they are first used, so that the classical ones need no torch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "alignment_losses", "balanced", "fallbacks", "graph_layers", "heteroscedastic", "missing",
        "neighbors", "roles", "rules",
    ],
    submod_attrs={
        "attention": ["CoAttention", "CrossAttention", "Gate"],
        "attributes": ["SemanticAlignment"],
        "block_scores": ["explained_variance", "held_out_error", "scores_fusion"],
        "cca": ["RegularizedCCA", "aligned_fusion"],
        "comdim": ["ComDim", "saliences"],
        "contrastive": ["Contrastive", "InfoNCE"],
        "early": ["early_fusion"],
        "embedding": ["ContrastiveEmbedding"],
        "graph": ["GraphClassifier", "GraphRegressor", "graph_fusion"],
        "intermediate": ["FusionClassifier", "FusionRegressor"],
        "late": ["LateFusionClassifier", "LateFusionRegressor", "late_fusion"],
        "multiblock": ["block_importance", "multiblock_pls"],
        "presets": ["ladder", "on_features", "on_tokens"],
        "rosa": ["ROSA"],
        "sopls": ["SOPLS"],
        "tensor": ["LowRankTensor", "OuterProduct"],
        "transformer": ["FusionTransformer"],
    },
)  # fmt: skip
