"""Tags of the written pages."""
