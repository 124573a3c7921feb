"""Start a notebook's kernel once more if it died before its first cell; a plugin of pytest.

Jupyter looks for free ports, and the kernel takes them a second later. Where another
program has taken one of them in between, the kernel dies at its start.
"""

import functools

import nbval.kernel

ATTEMPTS = 3


def patient(start):
    """The same function, called again, at most `ATTEMPTS` times in all, if no kernel came up."""

    @functools.wraps(start)
    def start_again(*arguments, **options):
        for _ in range(ATTEMPTS - 1):
            try:
                return start(*arguments, **options)
            except RuntimeError as error:
                print(f"A kernel did not start ({error}): once more.")
        return start(*arguments, **options)

    return start_again


def pytest_configure(config):
    nbval.kernel.start_new_kernel = patient(nbval.kernel.start_new_kernel)
