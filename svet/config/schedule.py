"""Every periodic job of the installation on one page (times are Moscow's, the server's zone)."""
