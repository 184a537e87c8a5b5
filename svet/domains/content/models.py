"""Pages and texts that editors write."""
