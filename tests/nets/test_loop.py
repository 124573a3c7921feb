import threading
import time

import torch

from mmlib.nets.loop import Batches, own_randomness


def test_a_thread_that_waits_for_its_turn_leaves_the_precision_of_all_as_it_was():
    def wait_and_leave():
        with own_randomness(1):
            pass

    usual, other = torch.get_default_dtype(), threading.Thread(target=wait_and_leave)
    with own_randomness(0):
        other.start()
        time.sleep(0.2)  # it is waiting now
    other.join()
    found = torch.get_default_dtype()
    torch.set_default_dtype(usual)
    assert found == usual


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
