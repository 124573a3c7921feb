"""What a string names where an encoder is asked for."""

from .components import SpectrumComponents
from .encoders import TableEncoder, TokenEncoder, cnn
from .sequences import FramesCNN, RecurrentEncoder, TemporalCNN, TemporalMean, WordLSTM
from .taught import TaughtImage

ENCODERS = {  # what a string names
    "cnn": cnn,
    "taught": TaughtImage,
    "components": SpectrumComponents,
    "table": TableEncoder,
    "tokens": TokenEncoder,
    "words": WordLSTM,
    "frames": FramesCNN,
    "recurrent": RecurrentEncoder,
    "temporal cnn": TemporalCNN,
    "temporal mean": TemporalMean,
}
