"""Memory that ends at a page nobody may touch, so that one byte too many ends the process at once."""

import ctypes
import mmap

_PAGE = mmap.PAGESIZE
_libc = ctypes.CDLL(None, use_errno=True)
_libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


class Guarded:
    """Room for `most` bytes between two shut pages; `ending(size)` gives an address with just `size` bytes before the end."""

    def __init__(self, most: int) -> None:
        self._room = -(-most // _PAGE) * _PAGE
        self._map = mmap.mmap(-1, self._room + 2 * _PAGE)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        self._first, self._end = start + _PAGE, start + _PAGE + self._room
        for page in (start, self._end):
            if _libc.mprotect(page, _PAGE, mmap.PROT_NONE if hasattr(mmap, "PROT_NONE") else 0):
                raise OSError(ctypes.get_errno(), "mprotect failed")

    def ending(self, size: int) -> int:
        """The address of the last `size` bytes."""
        if size > self._room:
            raise ValueError(f"{size} bytes don't fit into {self._room}.")
        return self._end - size

    def put(self, content: bytes) -> int:
        """Writes `content` up to the shut page and gives its address."""
        address = self.ending(len(content))
        ctypes.memmove(address, content, len(content))
        return address
