"""What the user wants to happen when an activity is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.recognition.events import Condition

RULES: Setting[list[object]] = Setting("events/rules", [])
LONGEST = 86_400.0  # seconds: a day, for `least` and `pause`


@dataclass(frozen=True, slots=True)
class Rule:
    """The actions for one activity, each of them off unless the user asked for it.

    Attributes:
        label: The activity.
        least: Seconds that it must last before it counts.
        pause: Seconds after its end before it may count again.
        count: Show a count.
        notify: Show a notification.
        sound: Play a sound.
        log: Append a line to this CSV file; "" for none.
        program: Run this program with these arguments; empty for none.
    """

    label: str
    least: float = 0.0
    pause: float = 0.0
    count: bool = False
    notify: bool = False
    sound: bool = False
    log: str = ""
    program: tuple[str, ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether any action is asked for."""
        return bool(self.count or self.notify or self.sound or self.log or self.program)

    @property
    def condition(self) -> Condition:
        """What a stay of the activity must meet."""
        return Condition(self.least, self.pause)


def same_activity(one: str, other: str) -> bool:
    """Whether the user would take two class names for the same: "YoYo" and "yo yo"."""
    return readable(one).casefold() == readable(other).casefold()


def rule_for(label: str, rules: Sequence[Rule]) -> Rule | None:
    """Return the rule for a model's class, if there is one."""
    return next((rule for rule in rules if same_activity(rule.label, label)), None)


def read_rules(settings: Settings) -> list[Rule]:
    """Return the rules that the settings hold; damaged ones count as missing."""
    rules = [_rule(entry) for entry in settings.get(RULES) if isinstance(entry, dict)]
    return [rule for rule in rules if rule is not None and rule.does_something]


def write_rules(settings: Settings, rules: Sequence[Rule]) -> None:
    """Keep the rules."""
    kept: list[object] = [asdict(rule) for rule in rules]
    settings.set(RULES, kept)


def _rule(entry: Mapping[str, object]) -> Rule | None:
    values: dict[str, object] = {}
    for field in fields(Rule):
        value = entry.get(field.name, field.default)
        if field.name in ("least", "pause"):
            good = type(value) in (int, float) and 0 <= value <= LONGEST  # type: ignore[operator]
        elif field.name == "program":
            good = isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
            value = tuple(value) if isinstance(value, list | tuple) else ()
        else:
            good = type(value) is (str if field.name in ("label", "log") else bool)
        if not good:
            return None
        values[field.name] = value
    return Rule(**values) if values["label"] else None  # type: ignore[arg-type]
