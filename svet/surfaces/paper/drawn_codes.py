"""QR codes and barcodes as tiny black-and-white PNG images: a byte list that the typesetter takes as it is."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

import numpy as np
import zxingcpp

DOTS_PER_MODULE = 2
"""More than one, so that a viewer which smooths images still shows sharp edges."""
DOTS_ON_A_SCREEN = 6


def qr_png(text: str) -> list[int]:
    """Return a QR code of `text` in UTF-8, without its quiet zone (the layout leaves the room)."""
    # Bytes, not str: of a str the encoder would make cp1251, and ST00012 promises UTF-8.
    code = zxingcpp.create_barcode(text.encode("utf-8"), zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return list(_png(np.asarray(code.to_image(add_quiet_zones=False))))


def qr_image(text: str) -> bytes:
    """Return a QR code for a screen: a PNG with its quiet zone, large enough for a bank's app to read from a file."""
    code = zxingcpp.create_barcode(text.encode("utf-8"), zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return _png(np.asarray(code.to_image(add_quiet_zones=True)), dots=DOTS_ON_A_SCREEN)


def qr_address(text: str) -> str:
    """Return `qr_image` as an address that stands in the page itself."""
    return f"data:image/png;base64,{b64encode(qr_image(text)).decode()}"


def code128_png(figures: str) -> list[int]:
    """Return the bars of Code 128, one row high: the layout stretches them."""
    code = zxingcpp.create_barcode(figures, zxingcpp.BarcodeFormat.Code128)
    return list(_png(np.asarray(code.to_image(add_quiet_zones=False))[:1]))


def _png(modules: np.ndarray, *, dots: int = DOTS_PER_MODULE) -> bytes:
    """Pack grey modules (0 is black) into a PNG of one bit per dot."""
    black = (modules > 127).repeat(dots, axis=0).repeat(dots, axis=1)
    height, width = black.shape
    rows = np.packbits(black, axis=1)
    lines = np.concatenate([np.zeros((height, 1), dtype=np.uint8), rows], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(lines.tobytes(), 3)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
