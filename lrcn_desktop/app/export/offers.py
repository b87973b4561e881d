"""The formats as they are offered: what each is, who reads it, and how its file is called."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

VIDEO = "annotate"  # what is no text: the video with the label and the bars


@dataclass(frozen=True, slots=True)
class Offer:
    """A format that can be chosen.

    Attributes:
        name: What the program calls it.
        title: What a person calls it.
        readers: One plain line on who reads it.
        ending: What its file's name ends in.
        needs_steps: Whether it holds the probabilities of every step.
    """

    name: str
    title: str
    readers: str
    ending: str
    needs_steps: bool = False


def offers() -> tuple[Offer, ...]:
    """Return all formats, in the order in which they are listed."""
    return (
        Offer(
            "segments",
            _tr("Table of activities (CSV)"),
            _tr("For spreadsheets: start, end, activity and confidence"),
            ".csv",
        ),
        Offer(
            "csv",
            _tr("Every step (CSV)"),
            _tr("For statistics: the probability of each activity, step by step"),
            ".steps.csv",
            needs_steps=True,
        ),
        Offer(
            "json",
            _tr("Everything (JSON)"),
            _tr("For programs: steps, activities and the model"),
            ".json",
            needs_steps=True,
        ),
        Offer("vtt", _tr("WebVTT subtitles"), _tr("For web pages and players"), ".vtt"),
        Offer(
            "srt",
            _tr("SRT subtitles"),
            _tr("For any player, with the file beside the video"),
            ".srt",
        ),
        Offer(
            "boris",
            _tr("BORIS events"),
            _tr("For what reads BORIS's table of aggregated events"),
            ".boris.tsv",
        ),
        Offer(
            "eaf",
            _tr("ELAN annotations"),
            _tr("For ELAN: a tier for each activity, with the video"),
            ".eaf",
        ),
        Offer(
            VIDEO,
            _tr("Annotated video"),
            _tr("For everyone: the video with the label and the bars in it"),
            ".annotated.mp4",
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("", text)  # as lupdate finds it
