"""The state portal as a process of its own."""

from tests.state_portal import portal

__all__ = ["portal"]
