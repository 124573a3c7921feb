import torch

from mmlib.nets.loop import Batches


def test_batches_cover_every_sample_and_keep_rows_together():
    X = {"a": torch.arange(23.0)[:, None], "b": torch.arange(23)[:, None] * 10}
    y = torch.arange(23)
    scaling = {"a": (torch.zeros(1), torch.ones(1)), "b": (torch.zeros(1), torch.full((1,), 10.0))}
    plain = [y for _, y in Batches(X, scaling, y, size=5)]
    assert torch.cat(plain).tolist() == list(range(23))
    drawn = list(Batches(X, scaling, y, size=5, shuffle=True))
    assert len(drawn) == 4
    for batch, target in drawn:
        assert batch["a"][:, 0].tolist() == batch["b"][:, 0].tolist() == target.tolist()
    assert len({int(i) for _, target in drawn for i in target}) == 20
