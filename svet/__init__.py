"""Svet: the system with which an electricity retailer serves its customers."""
