"""Tickets of the electronic queue and what belongs to them."""
