"""What a net predicts: classes or quantities. To be put before `NeuralFusion` in a class."""

import numpy as np
import torch
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d
from torch import nn

from ..base import DataError, all_or_nothing


class PredictsClasses(ClassifierMixin):
    """Trains on labels by cross-entropy; needs a parameter `label_smoothing`."""

    def _criterion(self):
        return nn.CrossEntropyLoss(label_smoothing=self.label_smoothing)

    def fit(self, X, y, groups=None):
        """Train; `groups` (plant, patient) stay whole when a validation part is set aside."""
        y = column_or_1d(np.asarray(y), warn=True)
        check_classification_targets(y)
        classes, codes = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise DataError(f"y holds one class only ({classes[0]}): nothing to tell apart.")
        with all_or_nothing(self):
            self.classes_ = classes
            held = self._fit(X, codes, codes, len(classes), groups)
            self.temperature_ = self._temperature(held)
        return self

    def _temperature(self, held):
        """What the outputs are divided by, learned from samples that were held out."""
        return 1.0

    def predict_proba(self, X):
        """Probability of each class, shape (samples, classes), in the order of `classes_`."""
        return torch.softmax(self._predict(X) / self.temperature_, dim=1).numpy()

    def predict(self, X):
        """Labels, shape (samples,)."""
        return self._say(self.predict_proba(X))

    def _say(self, outputs):
        return self.classes_[np.asarray(outputs).argmax(1)]


class PredictsQuantities(RegressorMixin):
    """Trains on standardized quantities by squared error."""

    def _criterion(self):
        return nn.MSELoss()

    def fit(self, X, y, groups=None):
        """Train; `groups` (plant, patient) stay whole when a validation part is set aside."""
        y = np.asarray(y, dtype=np.float64)
        if y.ndim not in (1, 2) or not np.isfinite(y).all():
            raise DataError("y must hold one finite number, or a row of them, for each sample.")
        center, scale = y.mean(0), y.std(0)
        scale = np.where(scale > 0, scale, 1.0)
        target = ((y - center) / scale).reshape(len(y), -1)
        with all_or_nothing(self):
            self.target_scaling_, self.single_ = (center, scale), y.ndim == 1
            self._fit(X, target, np.zeros(len(y), int), target.shape[1], groups)
        return self

    def predict(self, X):
        """Predicted quantities in the unit of `y`, shape (samples,), or (samples, quantities)."""
        return self._say(self._predict(X))

    def _say(self, outputs):
        (center, scale), outputs = self.target_scaling_, outputs.numpy()
        return center + scale * (outputs[:, 0] if self.single_ else outputs)
