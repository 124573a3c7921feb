"""Cut every Python process off from the network; the computer itself stays reachable.

Python imports a module of this name when it starts. With this folder on
PYTHONPATH, which child processes inherit, that holds for pytest, for its
workers and for the kernels that run the notebooks. Only Python's own sockets
are covered, not those that a compiled library opens by itself.
"""

import ipaddress
import socket


class OfflineError(OSError):
    """Something tried to use the network in a run that must do without."""


def _allow(host):
    """Raise `OfflineError` unless `host` is this computer."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        address = None
    if address is None or not (address.is_loopback or address.is_unspecified):
        raise OfflineError(f"the network is blocked in this run: {name}")


def _guard(name):
    """Replace a method of `socket.socket` whose last argument is an address."""
    original = getattr(socket.socket, name)

    def guarded(self, *arguments):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _allow(arguments[-1][0])
        return original(self, *arguments)

    setattr(socket.socket, name, guarded)


def _guard_lookup(name):
    original = getattr(socket, name)

    def guarded(host, *arguments, **options):
        _allow(host)
        return original(host, *arguments, **options)

    setattr(socket, name, guarded)


for _name in ("connect", "connect_ex", "sendto"):
    _guard(_name)
for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    _guard_lookup(_name)
