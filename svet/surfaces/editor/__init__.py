"""The workplace of those who write the site: Wagtail's pages behind our door."""
