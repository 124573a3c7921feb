"""Fits on several machines."""

from contextlib import contextmanager

import joblib

from ..base import DataError


@contextmanager
def backend(address):
    """Fits on this computer, or on a Dask cluster through joblib."""
    if not address:
        yield
        return
    try:
        from distributed import Client
    except ImportError:
        raise DataError(
            "--dask needs the package distributed: run pip install 'mmlib[cluster]'."
        ) from None

    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise DataError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}): check the address."
        ) from None
    with client, joblib.parallel_config(backend="dask"):
        yield
