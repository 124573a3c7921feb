"""What notebook 08 says in words, checked again over five samples of leaves."""

from functools import partial

import numpy as np
import pytest
import torch
from sklearn.covariance import OAS
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import FunctionTransformer
from torch import nn

import mmlib
from mmlib.evaluation.few_labels import score_few_labels
from mmlib.evaluation.intervals import interval
from mmlib.evaluation.retrieval import median_rank, partner_ranks, recall_at
from mmlib.features import with_features
from mmlib.features.blocks import feature_blocks
from mmlib.fusion import early_fusion
from mmlib.fusion.cca import RegularizedCCA
from mmlib.fusion.contrastive import Contrastive, InfoNCE, shared_places
from mmlib.fusion.embedding import ContrastiveEmbedding
from mmlib.nets.encoders import TableEncoder

SEEDS = range(301, 306)
TABLES = {"spectrum": TableEncoder, "image": TableEncoder}
TEN = 5  # draws of ten labels of each condition


def embed(X, dim=4, **options):
    return ContrastiveEmbedding(dim=dim, encoders=TABLES, random_state=0, **options).fit(X)


def readable(table, table_new, content, content_new):
    line = LinearRegression().fit(table, np.log(content))
    return line.score(table_new, np.log(content_new))


class Sample:
    """Pairs to learn from, new leaves, both as blocks of features, and an embedding."""

    def __init__(self, seed):
        self.seed = seed
        self.pairs = with_features(mmlib.make_leaves(400, seed=seed))
        self.new = with_features(mmlib.make_leaves(500, 1, seed=seed + 500))
        blocks = feature_blocks(self.pairs, n_components=15).fit(self.pairs.X)
        self.known = dict(blocks.transform(self.pairs.X))
        self.asked = dict(blocks.transform(self.new.X))
        self.embedding = embed(self.known)
        self.kept = self.embedding.transform(self.known)
        self.places = self.embedding.transform(self.asked)

    def recall(self, z, k=10):
        return recall_at(z["image"], z["spectrum"], k), recall_at(z["spectrum"], z["image"], k)


@pytest.fixture(scope="module")
def samples():
    return [Sample(seed) for seed in SEEDS]


def test_partners_of_new_leaves_are_found_far_more_often_than_by_guessing_but_seldom(samples):
    found = np.array([s.recall(s.places) for s in samples])  # guessing: 10 / 500
    assert (found > 0.15).all() and (found < 0.5).all()
    assert all(median_rank(s.places["image"], s.places["spectrum"]) < 60 for s in samples)
    once = np.array([s.recall(s.places, 1) for s in samples])
    assert (once < 0.1).all()


def test_red_leaves_are_found_most_easily(samples):
    for s in samples:
        ranks = partner_ranks(s.places["image"], s.places["spectrum"])
        medians = [np.median(ranks[s.new.y == k]) for k in range(5)]
        assert np.argmin(medians) == 3  # phosphorus deficiency


def test_trained_long_a_net_knows_its_own_pairs_and_not_new_ones(samples):
    for s in samples:
        longer = embed(s.known, dim=8, epochs=50)
        own, new = (
            s.recall(longer.transform({name: table[name][rows] for name in table}))
            for table, rows in ((s.known, slice(0, None, 5)), (s.asked, slice(400)))
        )
        assert np.mean(own) > np.mean(new) + 0.2


def by_hand(s, temperature, batch, epochs=15):
    """The loop of the notebook; last loss and recall at 10."""
    spread = {name: table.std(0) for name, table in s.known.items()}
    x, x_new = (
        {name: torch.tensor(X[name] / spread[name]) for name in X} for X in (s.known, s.asked)
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(s.seed)
        nets = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(x[name].shape[1], 64), nn.ReLU(), nn.Linear(64, 4))
                for name in x
            }
        )
        contrast = InfoNCE(temperature, learn=False)
        optimizer = torch.optim.AdamW(nets.parameters(), lr=0.01)
        for _ in range(epochs):
            for rows in torch.randperm(len(s.pairs)).split(batch):
                loss = contrast(*(nets[name](x[name][rows]) for name in nets))
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
    with torch.no_grad():
        z = {name: nets[name](x_new[name]).numpy() for name in nets}
    return loss.item(), s.recall(z)[0]


def test_small_batches_have_far_lower_losses_and_find_a_little_more(samples):
    small, large = (np.array([by_hand(s, 0.1, b) for s in samples]) for b in (50, 500))
    assert (large[:, 0] - small[:, 0] > 1.5).all()
    assert 0 < (small - large)[:, 1].mean() < 0.15  # they take more steps


def test_the_temperature_hardly_matters_here(samples):
    low, high = (np.array([by_hand(s, t, 128)[1] for s in samples]) for t in (0.02, 0.5))
    assert abs((low - high).mean()) < 0.05 and min(low.min(), high.min()) > 0.15


def test_what_is_shared_stays_and_what_one_modality_knows_goes(samples):
    for s in samples:
        for name, factor, stays in (
            ("spectrum", "water", False),
            ("spectrum", "anthocyanins", True),
            ("spectrum", "chlorophyll", True),
            ("image", "lesions", False),
            ("image", "anthocyanins", True),
        ):
            truth = s.pairs.info[factor], s.new.info[factor]
            table = readable(s.known[name], s.asked[name], *truth)
            four = readable(s.kept[name], s.places[name], *truth)
            assert (four > table - 0.15) if stays else (four < 0.7 < 0.85 < table)


def test_some_water_stays_because_spots_exclude_drought(samples):
    for s in samples:
        truth = s.pairs.info["water"]
        some = readable(s.kept["spectrum"], s.kept["spectrum"], truth, truth)
        clean = with_features(mmlib.make_leaves(150, lesions=0, seed=s.seed))
        table = feature_blocks(clean, n_components=15).fit_transform(clean.X)
        four, truth = embed(table).transform(table)["spectrum"], clean.info["water"]
        none = readable(four, four, truth, truth)
        assert none < 0.15 < some - 0.05


@pytest.fixture(scope="module")
def shares(samples):
    """Model -> share right with ten labels, (samples, draws)."""

    def early(X):
        lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=OAS())
        return early_fusion(blocks=dict.fromkeys(X, FunctionTransformer()), classifier=lda)

    found = {}
    for s in samples:
        cca = RegularizedCCA(n_components=2).fit(s.known)
        pca = {name: PCA(10).fit(s.known[name]) for name in s.known}
        net = partial(mmlib.FusionClassifier, random_state=0)
        models = {
            "scratch": (lambda X, net=net: net(encoders=TABLES), lambda X: X),
            "pretrained": (
                lambda X, net=net, s=s: net(encoders=s.embedding.encoders_),
                lambda X: X,
            ),
            "early": (early, lambda X: X),
            "pca": (early, lambda X, pca=pca: {k: pca[k].transform(X[k]) for k in X}),
            "alone": (early, lambda X, s=s: dict(s.embedding.transform(X))),
            "contrastive": (
                early,
                lambda X, s=s: X | {f"{k} +": v for k, v in s.embedding.transform(X).items()},
            ),
            "cca": (early, lambda X, c=cca: X | {f"{k} +": v for k, v in c.transform(X).items()}),
        }
        for name, (make, change) in models.items():
            X, sets = change(s.known), ((change(s.known), s.pairs.y), (change(s.asked), s.new.y))
            right = score_few_labels(make(X), *sets, [10], s.pairs.groups, TEN)[0]
            found.setdefault(name, []).append(right)
    return {name: np.array(right) for name, right in found.items()}


@pytest.mark.parametrize(
    "better, other",
    [
        ("early", "pretrained"),
        ("early", "pca"),
        ("early", "alone"),
        ("contrastive", "early"),
        ("cca", "contrastive"),
    ],
)
def test_with_ten_labels_the_order_is_that_of_the_notebook(shares, better, other):
    """The interval of the difference over samples of leaves leaves out zero."""
    differences = (shares[better] - shares[other]).mean(1)
    assert interval(differences, n_train=1, n_test=0).low > 0


def test_pretraining_does_not_hurt_and_its_gain_is_small(shares):
    differences = (shares["pretrained"] - shares["scratch"]).mean(1)
    assert differences.min() > -0.02 and 0 < differences.mean() < 0.05


def test_no_model_is_above_the_joint_ceiling(shares):
    limit = mmlib.ceilings(mmlib.load_leaves())["joint"][0]
    assert max(right.mean() for right in shares.values()) < limit


def test_without_a_contrastive_loss_accuracy_is_as_good_and_partners_are_not_found(samples):
    right = []
    for s in samples:
        first, y, found = {k: x[:1000] for k, x in s.known.items()}, s.pairs.y[:1000], []
        for weight in (0, 1):
            fuse = partial(Contrastive, weight=weight, give="projections")
            model = mmlib.FusionClassifier(fuse=fuse, encoders=TABLES, epochs=20, random_state=0)
            model.fit(first, y, groups=s.pairs.groups[:1000])
            found.append(np.mean(s.recall(shared_places(model, s.asked))))
            right.append(model.score(s.asked, s.new.y))
        assert found[0] < 0.05 and found[1] > found[0] + 0.05  # guessing: 0.02
    assert abs(np.diff(np.reshape(right, (-1, 2)).mean(0))[0]) < 0.04


@pytest.mark.parametrize("seed", range(5))
def test_where_the_link_is_bent_cca_guesses_and_the_net_finds(seed):
    def fibers(n, rng):
        angle, noise = rng.uniform(0, 2 * np.pi, n), 0.1 * rng.normal(size=(2, n, 2))
        return {
            "microscope": np.c_[np.cos(angle), np.sin(angle)] + noise[0],
            "polarizer": np.c_[np.cos(2 * angle), np.sin(2 * angle)] + noise[1],
        }

    rng = np.random.default_rng(seed)
    some, others = fibers(1500, rng), fibers(1000, rng)
    bent = ContrastiveEmbedding(dim=4, epochs=20, random_state=seed)
    for model, low, high in ((RegularizedCCA(2), 350, 650), (bent, 1, 100)):
        z = model.fit(some).transform(others)
        assert low < median_rank(z["microscope"], z["polarizer"]) < high
