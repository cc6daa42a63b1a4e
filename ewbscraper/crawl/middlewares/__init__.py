"""What every request and every response passes on its way, in the order of `settings.py`."""
