"""An installation without PyTorch (packaging/light): it recognizes on a processor, and no more."""

from importlib.util import find_spec

from lrcn_desktop.errors import UserError


def has_pytorch() -> bool:
    """Say whether PyTorch is installed; it is not loaded."""
    return find_spec("torch") is not None


def need_pytorch(what: str) -> None:
    """Check that PyTorch is installed.

    Args:
        what: What needs it, as the sentence begins.

    Raises:
        UserError: It is not.
    """
    if not has_pytorch():
        raise UserError(
            f"{what} needs PyTorch, which this light installation leaves out: install the whole "
            "program (pip install .) to have it."
        )
