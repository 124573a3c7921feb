"""Arrays to columns: what is measured in a spectrum or a picture before any fusion.

`spectra`, `images` (with `measures` and `segmentation`), `scale_bar`, `text` (with `glove`,
`word2vec` and `codes`) and `sound` (with `frames`) describe one modality, `lagged` multiplies two
series across a lag, `cube_measures` makes two modalities of a hyperspectral cube, and
`wavelengths` and `interval_pls` choose some of its bands. `spectrum_block` chooses what to do
with a spectrum (from `pretreatments`, by `held_out` samples); `wide` has all that is seen in a
picture, for `block_ridge`. `decomposition` condenses, `whitened` to components of one strength;
`baselines` are ready models of one modality; `blocks` and `tokens` prepare several modalities at
once, and `block_selection` spares a net those that do harm. `transfer` brings spectra of another
instrument to the look of the first, `color_card` pictures of another camera. Nothing here needs
torch.

Names are imported when they are first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["frames", "measures", "sound", "spectra", "text"],
    submod_attrs={
        "baselines": ["image_baselines", "spectrum_baselines"],
        "block_ridge": ["BlockRidgeClassifier", "BlockRidgeRegressor"],
        "block_selection": ["BlockSelection"],
        "blocks": ["Blocks", "BlockScale", "default_block", "feature_blocks", "wide_blocks"],
        "codes": ["WordCodes"],
        "color_card": ["ColorCard"],
        "decomposition": ["PLS", "PLSDA", "Compress"],
        "images": ["ColorTexture", "flatten", "with_features"],
        "once": ["Once"],
        "outline": ["Outline"],
        "patch_features": ["PatchFeatures"],
        "scale_bar": ["object_area", "scale_bar"],
        "segmentation": ["find_object"],
        "spectra": ["spectrum_steps"],
        "spectrum_block": ["ChosenPretreatment", "SpectrumBlock"],
        "text": ["WordMeans"],
        "thumbnail": ["Thumbnail"],
        "transfer": ["SpectrumTransfer"],
        "tokens": ["patches", "token_blocks", "windows"],
        "words": ["WordWeights"],
    },
)
