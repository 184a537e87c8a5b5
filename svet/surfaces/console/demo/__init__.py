"""The demo region: an invented town, the same every time, lived through month by month on the real paths."""
