"""Neural networks, in torch: encoders, the net that joins them, and its training.

`encoders` turn one modality into a vector (`sequences`: series of days, frames of a sound,
words), `fusion_net` is
*encoders -> fuse -> head*, `loop` trains it, `estimators` puts it behind scikit-learn's
interface, with `inputs`, `targets` and `options` of the parts. `augment` changes training
samples, `pretraining` prepares an encoder without labels.

Encoders that look before they are told: `taught` learns to measure pictures (`teaching`) on
changed `copies`, pooled by `moments`; `components` finds those of spectra. `columns` computes
once what they will not change any more, `defaults` says who gets which encoder.
`taught_pictures` makes columns of what a taught encoder sees, for models that are no nets.
"""
