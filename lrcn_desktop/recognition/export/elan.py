"""Segments as an ELAN annotation file (EAF 3.0): a tier for each activity."""

import mimetypes
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import Media, one_line
from lrcn_desktop.recognition.segments import Segment

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_Span = tuple[int, int, str]  # start and end in milliseconds, the label


def write_eaf(
    path: Path | str, segments: Sequence[Segment], classes: Sequence[str], media: Media
) -> None:
    """Write the segments; an activity that was not seen has an empty tier.

    ELAN allows no overlap within a tier: of overlapping segments of one activity the later ones
    lie in a tier of their own, "walking (2)".

    Raises:
        UserError: `path` cannot be written.
    """
    document = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "LRCN Desktop",
            "DATE": datetime.now().astimezone().isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            f"{_XSI}noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    header = ET.SubElement(document, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if media.path is not None:
        ET.SubElement(header, "MEDIA_DESCRIPTOR", _descriptor(media.path, Path(path)))
    last = ET.SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId")
    last.text = str(len(segments))
    _add_tiers(document, _tiers(segments, classes))
    ET.SubElement(
        document,
        "LINGUISTIC_TYPE",
        GRAPHIC_REFERENCES="false",
        LINGUISTIC_TYPE_ID="activity",
        TIME_ALIGNABLE="true",
    )
    ET.indent(document)
    with atomic_write(path, "wb") as file:
        ET.ElementTree(document).write(file, encoding="UTF-8", xml_declaration=True)
        file.write(b"\n")


def _descriptor(media: Path, path: Path) -> dict[str, str]:
    """Say where the recording is; ELAN looks beside the annotation file when it was moved."""
    media = media.absolute()
    described = {
        "MEDIA_URL": media.as_uri(),
        "MIME_TYPE": mimetypes.guess_type(media.name)[0] or "unknown",
    }
    if media.parent == path.absolute().parent:
        described["RELATIVE_MEDIA_URL"] = f"./{quote(os.fsencode(media.name))}"
    return described


def _tiers(segments: Sequence[Segment], classes: Sequence[str]) -> dict[str, list[_Span]]:
    """Return the spans of every tier, by its name."""
    labels = dict.fromkeys([*map(one_line, classes), *(one_line(s.label) for s in segments)])
    lanes: dict[str, list[list[_Span]]] = {label: [[]] for label in labels}
    for s in sorted(segments, key=lambda s: (s.start, s.end)):
        start, label = round(1000 * s.start), one_line(s.label)
        span = (start, max(round(1000 * s.end), start + 1), label)
        free = next((lane for lane in lanes[label] if not lane or lane[-1][1] <= start), None)
        if free is None:
            lanes[label].append([span])
        else:
            free.append(span)
    tiers = {label: lanes[label][0] for label in labels}
    for label in labels:
        for number, lane in enumerate(lanes[label][1:], 2):
            name = f"{label} ({number})"
            while name in tiers:  # an activity may have such a name itself
                name += "'"
            tiers[name] = lane
    return tiers


def _add_tiers(document: ET.Element, tiers: dict[str, list[_Span]]) -> None:
    """Add the tiers, and before them the order of all their starts and ends."""
    spans = [span for members in tiers.values() for span in members]
    ends = sorted((span[end], number, end) for number, span in enumerate(spans) for end in (0, 1))
    slots = {(number, end): f"ts{slot}" for slot, (_, number, end) in enumerate(ends, 1)}
    order = ET.SubElement(document, "TIME_ORDER")
    for time, number, end in ends:
        slot = slots[number, end]
        ET.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(time))
    number = 0
    for name, members in tiers.items():
        tier = ET.SubElement(document, "TIER", LINGUISTIC_TYPE_REF="activity", TIER_ID=name)
        for *_, label in members:
            annotation = ET.SubElement(
                ET.SubElement(tier, "ANNOTATION"),
                "ALIGNABLE_ANNOTATION",
                ANNOTATION_ID=f"a{number + 1}",
                TIME_SLOT_REF1=slots[number, 0],
                TIME_SLOT_REF2=slots[number, 1],
            )
            ET.SubElement(annotation, "ANNOTATION_VALUE").text = label
            number += 1
