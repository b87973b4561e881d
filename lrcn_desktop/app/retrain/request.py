"""What the user asks the trainer for."""

from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.app.retrain.words import DEMO


@dataclass(frozen=True, slots=True)
class Request:
    """A training that is wanted.

    Attributes:
        data: A folder of clips, or "demo".
        activities: Those to learn; None: all that the folder has, or the demo.
        model: The file that it is to be written to.
        compare: The model that it is judged beside, by name or path.
        other: Folders and files of clips that show none of the activities.
    """

    data: str
    activities: tuple[str, ...] | None
    preset: str
    model: Path
    compare: str
    other: tuple[str, ...] = ()

    def arguments(self, run: Path) -> list[str]:
        """Return the command's arguments for a run that keeps its work in the folder `run`."""
        options = {
            "--out": str(self.model),
            "--preset": self.preset,
            "--run": str(run),
            "--compare": self.compare,
            "--progress": "json",
        }
        if self.data != DEMO:
            options["--activities"] = ",".join(self.activities or ("all",))
        # "--activities=-x" and not "--activities -x": a name may begin with a dash
        given = [*options.items(), *(("--other", path) for path in self.other)]
        return ["train", *(f"{name}={value}" for name, value in given), "--", self.data]
