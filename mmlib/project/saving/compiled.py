"""What must hold before numbers of a file reach compiled code, which looks at nothing itself.

A tree follows its nodes wherever they point, libsvm reads as many numbers as it was told there
are. So each of these is built from numbers that were held against each other first.
"""

from math import comb, prod

import numpy as np
from sklearn.tree._tree import Tree

from .slots import require


def tree_state(estimator):
    """A tree's nodes as bytes, its values as they are."""
    state = dict(vars(estimator))
    if "tree_" in state:
        inner = state.pop("tree_").__getstate__()
        nodes = np.ascontiguousarray(inner["nodes"])
        state["nodes"] = nodes.view(np.uint8).reshape(len(nodes), nodes.itemsize)
        state |= {"values": inner["values"], "depth": int(inner["max_depth"])}
    return state


def grow(estimator, state):
    """A tree from its nodes, each of which leads further down, so that every way ends."""
    state = dict(state)
    if "nodes" in state:
        p, n_outputs = state["n_features_in_"], state["n_outputs_"]
        classes = np.atleast_1d(state.get("n_classes_", np.ones(n_outputs))).astype(np.intp)
        require(0 < n_outputs <= 1000 and classes.shape == (n_outputs,), "outputs")
        require(0 < classes.min() and classes.max() <= state["values"].shape[2], "classes")
        made = Tree(p, classes, n_outputs)
        like = made.__getstate__()["nodes"].dtype
        require(state["nodes"].shape[1] == like.itemsize, "nodes of another scikit-learn")
        nodes, values = state.pop("nodes").copy().view(like)[:, 0], state.pop("values")
        own, left, right = np.arange(len(nodes)), nodes["left_child"], nodes["right_child"]
        leaf, split = (left == -1) & (right == -1), (left > own) & (right > own)
        split &= (left < len(nodes)) & (right < len(nodes))
        split &= (nodes["feature"] >= 0) & (nodes["feature"] < p)
        require(len(nodes) and (leaf | split).all(), "nodes")
        require(all(np.isfinite(nodes[name]).all() for name in like.names), "nodes")
        require(values.shape == (len(nodes), n_outputs, classes.max()), "values")
        depth = state.pop("depth")
        require(0 <= depth < len(nodes), "depth")
        made.__setstate__(
            {"max_depth": depth, "node_count": len(nodes), "nodes": nodes, "values": values}
        )
        state["tree_"] = made
    vars(estimator).update(state)


def few_columns(estimator, state):
    """Steps and unions that do not widen a table again and again, until memory ends."""
    vars(estimator).update(state)
    require(_widening(estimator) <= 100, "more columns than any model makes")


def _widening(estimator):
    """How many times as many columns may come out of steps as go in."""
    if hasattr(estimator, "steps"):
        return prod(_widening(step) for _, step in estimator.steps)
    if hasattr(estimator, "transformer_list"):
        return max(1, sum(_widening(part) for _, part in estimator.transformer_list))
    blocks = getattr(estimator, "blocks_", None) or getattr(estimator, "blocks", None)
    return max(1, sum(map(_widening, blocks.values()))) if isinstance(blocks, dict) else 1


def short_window(estimator, state):
    """A window that is no longer than spectra are."""
    require(state.get("window_length_", 1) <= 10_001 and state.get("polyorder_", 1) <= 20, "window")
    require(estimator.window_length <= 10_001 and estimator.polyorder <= 20, "window")
    vars(estimator).update(state)


def same_columns(estimator, state):
    """A forest whose trees look at the columns that the forest looks at."""
    classes = len(state["classes_"]) if "classes_" in state else None
    require(state.get("n_classes_") == classes, "n_classes_")
    for part in state.get("estimators_", []):
        require(part.n_features_in_ == state["n_features_in_"], "trees")
        require(part.n_outputs_ == state["n_outputs_"], "trees")
    vars(estimator).update(state)


def machine(estimator, state):
    """A support vector machine; libsvm itself would not look at sizes that do not fit."""
    require(estimator.kernel in ("linear", "poly", "rbf", "sigmoid"), "kernel")
    if "support_" in state:
        s, counts = len(state["support_"]), state["_n_support"]
        classes = len(state["classes_"]) if "classes_" in state else 2
        pairs = classes * (classes - 1) // 2
        require(s > 0 and len(counts) == classes > 1 and (counts >= 0).all(), "_n_support")
        regression = "classes_" not in state  # which counts both sides together
        require((counts[0] if regression else counts.sum()) == s, "_n_support")
        for name in ("dual_coef_", "_dual_coef_"):
            require(state[name].shape == (classes - 1, s), name)
        for name in ("intercept_", "_intercept_"):
            require(len(state[name]) == pairs, name)
        for name in ("_probA", "_probB"):
            require(len(state[name]) in (0, pairs, 1 if regression else 0), name)
        require(not state["_sparse"], "_sparse")
    vars(estimator).update(state)


def words_known(estimator, state):
    """Words of which each is a text and stands once, with weights above zero."""
    if "words_" in state:
        words = state["words_"].tolist()
        require(all(isinstance(word, str) for word in words), "words_")
        require(len(set(words)) == len(words) <= 100_000, "words_")
        require((state["weights_"] > 0).all(), "weights_")
    vars(estimator).update(state)


def no_curve(estimator):
    return {name: value for name, value in vars(estimator).items() if name != "f_"}


def curve(estimator, state):
    vars(estimator).update(state)
    if "X_thresholds_" in state:
        estimator._build_f(state["X_thresholds_"], state["y_thresholds_"])


def few_products(estimator, state):
    most = estimator.degree if isinstance(estimator.degree, int) else max(estimator.degree)
    p = state.get("n_features_in_", 1)
    require(most <= 5 and comb(p + most, most) <= 1_000_000, "degree")
    require(state.get("_n_out_full", 1) <= comb(p + most, most), "_n_out_full")
    require(state.get("n_output_features_", 1) <= state.get("_n_out_full", 1), "_n_out_full")
    vars(estimator).update(state)
