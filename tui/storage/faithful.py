"""Make one file look like another: owner, group, mode, extended attributes, ACLs."""

from __future__ import annotations

import errno
import os
import stat

# The kernel computes these over the content and the other attributes (IMA, EVM).
_KERNELS_OWN = frozenset({"security.ima", "security.evm"})
_NOT_SUPPORTED = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


def copy_looks(source: int, copy: int) -> str:
    """Give the open file `copy` the owner, attributes and mode of the open file `source`.

    Returns "" when `copy` now looks the same, else what could not be kept, in words. The
    order matters: chown clears set-id bits, and an ACL decides what the group bits mean.
    """
    have, want = os.fstat(copy), os.fstat(source)
    if (have.st_uid, have.st_gid) != (want.st_uid, want.st_gid):
        try:
            os.fchown(copy, want.st_uid, want.st_gid)
        except OSError:
            return "the owner or group"
    try:
        _copy_attributes(source, copy)
    except OSError as error:
        return f"the extended attributes ({error.strerror})"
    os.fchmod(copy, stat.S_IMODE(want.st_mode))
    return ""


def look_alike(one: int, other: int) -> bool:
    """Whether two open files have the same owner, group, mode and attributes. OSError."""
    return _looks(one) == _looks(other)


def _looks(descriptor: int) -> tuple[object, ...]:
    status = os.fstat(descriptor)
    mode = stat.S_IMODE(status.st_mode)
    return status.st_uid, status.st_gid, mode, _attributes(descriptor)


def _copy_attributes(source: int, copy: int) -> None:
    wanted = _attributes(source)
    present = _attributes(copy)
    # A folder's default ACL gives a new file entries that the old one never had.
    for name in present.keys() - wanted.keys():
        os.removexattr(copy, name)
    for name, value in wanted.items():
        if present.get(name) != value:
            os.setxattr(copy, name, value)


def _attributes(descriptor: int) -> dict[str, bytes]:
    try:
        names = os.listxattr(descriptor)
    except OSError as error:
        if error.errno in _NOT_SUPPORTED:
            return {}
        raise
    return {name: os.getxattr(descriptor, name) for name in names if name not in _KERNELS_OWN}
