"""Which shipped model suits a source; apart, so that the window need not wait for PyTorch."""


def default_model(address: str) -> str:
    """Return the name of the model for a source's address, where the person chose none."""
    return "demo" if address.partition(":")[0] == "demo" else "ucf101-7"
