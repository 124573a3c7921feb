"""Arrays to columns: what is measured in a spectrum or a picture before any fusion.

`spectra`, `images` (with `measures` and `segmentation`), `scale_bar` and `text` (with `glove`
and `word2vec`) describe one modality, `decomposition` condenses it, `baselines` are ready
models of one modality; `blocks` and `tokens` prepare several modalities at once.
Nothing here needs torch.

Names are imported when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["measures", "spectra", "text"],
    submod_attrs={
        "baselines": ["image_baselines", "spectrum_baselines"],
        "blocks": ["Blocks", "default_block", "feature_blocks"],
        "decomposition": ["PLS", "PLSDA", "Compress"],
        "images": ["ColorTexture", "flatten", "with_features"],
        "scale_bar": ["object_area", "scale_bar"],
        "segmentation": ["find_object"],
        "spectra": ["spectrum_steps"],
        "text": ["WordMeans"],
        "tokens": ["patches", "token_blocks", "windows"],
    },
)
