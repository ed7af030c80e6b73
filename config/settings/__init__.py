"""One module per way to run; each only overrides `base`."""
