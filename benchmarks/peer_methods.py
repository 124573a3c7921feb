"""The methods of `peers.py`: one of them, in a process of its own, by its library's Python.

    python benchmarks/peer_methods.py LIBRARY METHOD ARRAYS.npz

prints accuracy on the new leaves, seconds of training and predicting, and peak memory.
"""

import json
import os
import sys
from pathlib import Path

EPOCHS = 40


def run(peer, method, path):
    """In the process of one method: train, predict, print the outcome as a line of JSON."""
    import time

    import numpy as np

    data = dict(np.load(path))
    start = time.perf_counter()
    predicted = RUNNERS[peer](method, data)
    seconds = time.perf_counter() - start
    accuracy = float((np.asarray(predicted).ravel() == data["new_y"]).mean())
    print(json.dumps({"accuracy": accuracy, "seconds": seconds, "memory": peak_memory()}))


def peak_memory():
    """Most memory this process ever used, in MB."""
    import psutil

    # On Linux getrusage would also count what the parent held when it started this process.
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6
    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):
        return info.peak_wset / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS: bytes


def run_mmlib(method, data):
    import mmlib
    from mmlib.base import fit_options
    from mmlib.features import Compress
    from mmlib.fusion.early import early_fusion

    X = {"spectrum": data["spectrum"], "image": data["image"]}
    leaves = mmlib.MultimodalData(X, data["y"], data["groups"])
    if method == "early, blocks as given":  # the ladder takes the spectra for raw ones
        blocks = {"spectrum": [Compress(15)], "image": []}
        model = early_fusion(leaves, blocks)
    else:
        model = mmlib.fusion.ladder(leaves, "full")[method]
    model.fit(leaves.X, leaves.y, **fit_options(model, leaves.groups))
    return model.predict({"spectrum": data["new_spectrum"], "image": data["new_image"]})


def run_torch(method, data):
    """The network a tutorial would write: two branches, concatenation, a head."""
    import numpy as np
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(0)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.spectrum = nn.Sequential(nn.Linear(data["spectrum"].shape[1], 64), nn.ReLU())
            self.image = nn.Sequential(nn.Linear(data["image"].shape[1], 64), nn.ReLU())
            self.head = nn.Sequential(
                nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 5)
            )

        def forward(self, spectrum, image):
            return self.head(torch.cat([self.spectrum(spectrum), self.image(image)], 1))

    arrays = [torch.from_numpy(data[name]) for name in ("spectrum", "image")]
    rows = TensorDataset(*arrays, torch.from_numpy(data["y"]).long())
    net, loss = Net(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for spectrum, image, y in DataLoader(rows, batch_size=64, shuffle=True):
            optimizer.zero_grad()
            loss(net(spectrum, image), y).backward()
            optimizer.step()
    net.eval()
    with torch.no_grad():
        new = [torch.from_numpy(data[name]) for name in ("new_spectrum", "new_image")]
        return np.asarray(net(*new).argmax(1))


def run_fusilli(method, data):
    """Its own data module and trainer; the new leaves are its test part."""
    import importlib

    import numpy as np
    import pandas as pd
    import torch
    from fusilli.data import prepare_fusion_data
    from fusilli.train import train_and_save_models

    torch.manual_seed(0)
    module, name = method.split(":")
    model = getattr(importlib.import_module(f"fusilli.fusionmodels.{module}"), name)
    y = np.concatenate([data["y"], data["new_y"]])
    paths = {}
    for key, modality in {"tabular1": "spectrum", "tabular2": "image"}.items():
        table = pd.DataFrame(np.vstack([data[modality], data[f"new_{modality}"]]))
        table.columns = [f"c{i}" for i in table]
        table.insert(0, "ID", range(len(y)))
        table["prediction_label"] = y
        table.to_csv(f"{key}.csv", index=False)
        paths[key] = f"{key}.csv"
    out = {name: f"out/{name}" for name in ("checkpoints", "losses", "figures")}
    for place in out.values():
        os.makedirs(place)
    test = list(range(len(data["y"]), len(y)))
    module = prepare_fusion_data(
        "multiclass", model, paths, out, batch_size=64, multiclass_dimensions=5,
        test_indices=test, max_epochs=EPOCHS,
    )  # fmt: skip
    (trained,) = train_and_save_models(module, model, max_epochs=EPOCHS, enable_checkpointing=False)
    truth = torch.as_tensor(np.asarray(trained.val_reals.cpu())).long().numpy().ravel()
    predicted = torch.as_tensor(np.asarray(trained.val_preds.cpu()))
    predicted = predicted.argmax(1) if predicted.ndim == 2 else predicted
    data["new_y"] = truth  # in the order in which it was predicted
    return predicted.numpy()


def run_nirs4all(method, data):
    """Its operators for several sources (early, multiblock) or its pipelines (the others)."""
    import numpy as np
    from nirs4all.operators.models import MBPLS
    from nirs4all.operators.models.multimodal import MultimodalClassifier, MultimodalRegressor
    from sklearn.decomposition import PCA
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression

    fusion, head = method.split(", ")
    heads = {
        "logistic regression": LogisticRegression(max_iter=2000),
        "discriminant analysis": LinearDiscriminantAnalysis(),
    }
    if fusion not in ("early", "intermediate"):
        return run_nirs4all_pipeline(fusion, heads[head], data)
    encoders = {"spectrum": PCA(15, random_state=0), "image": "passthrough"}
    new = [data["new_spectrum"], data["new_image"]]
    if fusion == "early":
        model = MultimodalClassifier(encoders, heads[head], fusion="early")
        return model.fit([data["spectrum"], data["image"]], data["y"]).predict(new)
    # Its one model of several blocks is a regression: a column a class, the largest wins.
    encoders["spectrum"] = "passthrough"
    model = MultimodalRegressor(encoders, MBPLS(15), fusion="intermediate")
    model.fit([data["spectrum"], data["image"]], np.eye(5)[data["y"]])
    return model.predict(new).argmax(1)


def run_nirs4all_pipeline(fusion, head, data):
    """Its branches, merged; inner folds keep plants whole, the new leaves are its test part."""
    import nirs4all
    import numpy as np
    import pandas as pd
    from nirs4all.data.dataset import SpectroDataset
    from sklearn.base import clone
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.model_selection import GroupKFold

    parts = {
        "train": [data["spectrum"], data["image"]],
        "test": [data["new_spectrum"], data["new_image"]],
    }
    encoder = PCA(15, random_state=0)
    base = [{"model": clone(head)}, {"model": clone(head)}]
    if fusion == "late by probabilities":
        # Only branches over one table may pass probabilities on: each takes its columns.
        parts = {part: np.hstack(blocks) for part, blocks in parts.items()}
        edges = np.cumsum([0, data["spectrum"].shape[1], data["image"].shape[1]])
        first, second = (
            ColumnTransformer([("columns", "passthrough", list(range(*edges[i : i + 2])))])
            for i in (0, 1)
        )
        branch = [[first, encoder, base[0]], [second, base[1]]]
        merge = {"predictions": [{"branch": i, "proba": True} for i in (0, 1)]}
    elif fusion == "late by labels":
        steps = {"source_0": [encoder, base[0]], "source_1": [base[1]]}
        branch, merge = {"by_source": True, "steps": steps}, "predictions"
    else:
        steps = {"source_0": [encoder], "source_1": []}
        branch, merge = {"by_source": True, "steps": steps}, {"sources": "concat"}

    leaves = SpectroDataset("leaves")
    for part, blocks in parts.items():
        leaves.add_samples(blocks, {"partition": part})
    leaves.add_targets(np.concatenate([data["y"], data["new_y"]]).astype(int))
    # Leaves of the test part are in no fold, so any plant of their own will do.
    others = data["groups"].max() + 1 + np.arange(len(data["new_y"]))
    leaves.add_metadata(pd.DataFrame({"plant": np.concatenate([data["groups"], others])}))
    folds = {"split": GroupKFold(5), "group": "plant"}
    steps = [folds, {"branch": branch}, {"merge": merge}, {"model": head}]
    done = nirs4all.run(steps, leaves, verbose=0, save_charts=False, random_state=0)
    # The last row of the test part is the merged model's, fitted on all training leaves.
    row = done.predictions.filter_predictions(partition="test", fold_id="final")[-1]
    assert row["branch_name"] in (None, "")
    data["new_y"] = np.ravel(row["y_true"])  # in the order in which it was predicted
    return row["y_pred"]


RUNNERS = {
    "mmlib": run_mmlib,
    "plain PyTorch": run_torch,
    "fusilli": run_fusilli,
    "nirs4all": run_nirs4all,
}

if __name__ == "__main__":
    run(*sys.argv[1:])
