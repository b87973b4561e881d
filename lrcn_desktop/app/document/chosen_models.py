"""Which models were chosen for which sources."""

from dataclasses import dataclass

from lrcn_desktop.model.defaults import is_demo


@dataclass(frozen=True, slots=True)
class ChosenModels:
    """Which models were chosen, by name or path; None: what suits.

    Attributes:
        given: For every source, by who started the program.
        chosen: For every source but the demo.
        demo: For the demo, while it is open.
    """

    given: str | None = None
    chosen: str | None = None
    demo: str | None = None

    def of(self, address: str) -> str | None:
        """Return what was chosen for a source."""
        return self.given or (self.demo if is_demo(address) else self.chosen)
