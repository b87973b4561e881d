"""Model files: what is written is read back, and nothing else is."""

import json
import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.paper_cnn import cnn_tensors
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.head_arrays import head_shapes
from lrcn_desktop.model.model import Model, build_model, load_model, save_model
from lrcn_desktop.model.model_file import ModelFile, read_info, read_model, write_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.model.rejection import RejectionConfig, rejection_shapes

INFO = ModelInfo(
    name="Küche",
    classes=("sitting down", "standing up", "ایستادن\u200cآرام"),
    preset="default",
    backbone=BackboneConfig(size=96),
    head=HeadConfig(pool="statistics", fc=(8,), hidden=(4,)),
    step_rate=10.0,
    backbone_digest=VGG16.digest,
    temperature=1.7,
    threshold=0.4,
    training={"clips": 40, "groups": [1, 2]},
    test={"clip accuracy": 0.9, "confusion": [[1, 2], [3, 4]]},
)
CNN = replace(
    INFO,
    backbone=BackboneConfig("cnn", 96, batch_norm=True),
    head=HeadConfig(fc=(4,), cell="gru", hidden=(3, 2)),
    backbone_digest=None,
    scaling="torchvision",
    step_rate=None,
)
KEY = "lrcn"
Header = dict[str, Any]


def saved(path: Path, info: ModelInfo = INFO) -> Model:
    torch.manual_seed(0)
    model = build_model(info)
    save_model(path, model)
    return model


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a sound model file."""
    path = tmp_path / "model.safetensors"
    saved(path)
    return path


def fault(path: Path) -> str:
    """Return the one sentence that says what is wrong with a file."""
    with pytest.raises(UserError) as caught:
        load_model(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert text.endswith(".")
    assert text.isprintable(), "one line, and nothing that a terminal would obey"
    assert len(text) < 500
    return text


def rewrite(path: Path, change: Callable[[Header], None]) -> None:
    """Change the header of a safetensors file, with its tensors left as they are."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header: Header = json.loads(data[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])


def set_meta(path: Path, text: str) -> None:
    rewrite(path, lambda header: header["__metadata__"].update({KEY: text}))


def meta() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(INFO.to_json())
    return value


@pytest.mark.parametrize("info", [INFO, CNN], ids=["vgg16", "cnn"])
def test_a_model_comes_back_as_it_was(tmp_path: Path, info: ModelInfo) -> None:
    path = tmp_path / "model.safetensors"
    model = saved(path, info)
    loaded = load_model(path)
    assert loaded.info == info == read_info(path)
    assert not loaded.head.training
    assert (loaded.cnn is None) == (model.cnn is None)
    pairs = [(loaded.head, model.head)]
    pairs += [(loaded.cnn, model.cnn)] if loaded.cnn and model.cnn else []  # type: ignore[list-item]
    for ours, theirs in pairs:
        assert not ours.training
        for name, tensor in theirs.state_dict().items():
            assert torch.equal(ours.state_dict()[name], tensor)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("info", "parts"),
    [
        (replace(INFO, baseline="head"), ["baseline", "head"]),
        (
            replace(INFO, head=replace(INFO.head, project=6), rejection=RejectionConfig(5)),
            ["head", "rejection"],
        ),
        (replace(CNN, baseline="network"), ["baseline", "baseline_cnn", "cnn", "head"]),
        (replace(CNN, baseline="head"), ["baseline", "cnn", "head"]),
    ],
    ids=["baseline", "rejection", "network", "own"],
)
def test_every_part_is_read_back_and_must_be_there(
    tmp_path: Path, info: ModelInfo, parts: list[str]
) -> None:
    path, classes, shape = tmp_path / "model.safetensors", len(info.classes), info.backbone.shape
    own = cnn_tensors(batch_norm=True, last_pool=info.backbone.last_pool)
    shapes = {
        "head": head_shapes(info.head, shape, classes),
        "baseline": head_shapes(info.head.without_memory(), shape, classes),
        "rejection": rejection_shapes(RejectionConfig(5), info.head, classes),
        "cnn": {name: size for name, (size, kind) in own.items() if kind == "float32"},
    }
    shapes["baseline_cnn"] = shapes["cnn"]
    wanted = {
        f"{part}.{name}": np.full(size, number, np.float32)
        for part in parts
        for number, (name, size) in enumerate(shapes[part].items())
    }
    counts = {  # of batch normalization, whole numbers
        f"{part}.{name}": np.zeros(size, np.int64)
        for part in parts
        for name, (size, kind) in own.items()
        if part.endswith("cnn") and kind != "float32"
    }
    write_model(path, ModelFile(info, wanted | counts))
    found = read_model(path)
    assert found.tensors.keys() == (wanted | counts).keys()
    assert all((found.tensors[name] == array).all() for name, array in wanted.items())
    assert found.head_arrays().keys() == shapes["head"].keys()
    assert found.rejection_arrays().keys() == (
        shapes["rejection"].keys() if "rejection" in parts else set()
    )
    for part in parts:
        name = next(name for name in wanted if name.startswith(f"{part}."))
        write_model(path, ModelFile(info, {k: v for k, v in wanted.items() if k != name} | counts))
        assert f"lacks the tensor {name} that" in fault(path)
        write_model(path, ModelFile(info, wanted | counts | {name: np.zeros((9, 9), np.float32)}))
        assert f"has {name} of shape (9, 9), but" in fault(path)


def test_numbers_of_half_the_size_are_used_as_whole_ones() -> None:
    kept = {"head.a": np.ones(2, np.float16), "rejection.head.a": np.ones(3, np.float32)}
    found = ModelFile(INFO, kept)
    assert [(n, a.dtype) for n, a in found.head_arrays().items()] == [("a", np.float32)]
    assert found.rejection_arrays().keys() == {"head.a"}


def test_a_loaded_model_does_not_depend_on_its_file(path: Path) -> None:
    loaded = load_model(path)
    before = {name: tensor.clone() for name, tensor in loaded.head.state_dict().items()}
    path.write_bytes(bytes(path.stat().st_size))  # a new training took its place
    assert all(torch.equal(before[n], t) for n, t in loaded.head.state_dict().items())


@pytest.mark.parametrize("figure", [b"NaN", b"1e999", b"-Infinity", b"[" * 20 + b"1" + b"]" * 20])
def test_figures_that_could_not_be_written_again_are_refused(path: Path, figure: bytes) -> None:
    """Such a model could be loaded, and neither imported nor renamed."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    head, rest = content[8 : 8 + size], content[8 + size :]
    head = head.replace(b"0.9", figure)
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + rest)
    for read in (read_info, load_model):
        with pytest.raises(UserError, match="metadata that cannot be understood") as error:
            read(path)
        assert str(error.value).isprintable()


def test_a_failed_save_leaves_the_old_model(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def fail(_: ModelInfo) -> str:
        raise ValueError("JSON")

    monkeypatch.setattr(ModelInfo, "to_json", fail)
    with pytest.raises(ValueError, match="JSON"):
        save_model(path, build_model(INFO))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_truncation_is_told(path: Path, data: st.DataObject) -> None:
    cut = path.with_name("cut.safetensors")
    whole = path.read_bytes()
    cut.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    fault(cut)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_the_header_is_told_or_harmless(
    path: Path, data: st.DataObject
) -> None:
    other = path.with_name("other.safetensors")
    whole = bytearray(path.read_bytes())
    (length,) = struct.unpack("<Q", whole[:8])
    whole[data.draw(st.integers(0, 7 + length))] = data.draw(st.integers(0, 255))
    other.write_bytes(whole)
    try:
        load_model(other)
    except UserError:
        fault(other)


@pytest.mark.parametrize("content", [b"", b"\0", b"\x80\x02}q\x00.", b"PK\x03\x04", b"\xff" * 5000])
def test_what_is_no_safetensors_file_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert " is no model file, or is cut off or damaged (" in fault(path)


def test_a_pickle_is_not_opened(path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
            return pytest.fail, ("the pickle was run",)

    torch.save({"head.classifier.bias": Trap()}, path)
    fault(path)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    assert "cannot be read (" in fault(tmp_path)
    assert "cannot be read (" in fault(tmp_path / "gone.safetensors")


def test_another_programs_safetensors_file_is_told(path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, path)
    assert "no model of LRCN Desktop" in fault(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop("head.fc.0.weight"), "lacks the tensor head.fc.0.weight"),
        (lambda t: t.update({"head.more": torch.zeros(2)}), "has a tensor head.more"),
        (lambda t: t.update({"a\nb\x1b[2J": torch.zeros(2)}), "has a tensor a b"),
        (lambda t: t.update({"head.classifier.bias": torch.zeros(4)}), "of shape (4,)"),
        (lambda t: t.update({"head.classifier.bias": torch.zeros(())}), "of shape ()"),
        (lambda t: t.update({"head.classifier.bias": torch.zeros(3, 1)}), "of shape (3, 1)"),
        (lambda t: t["head.fc.0.bias"].fill_(float("nan")), "not finite"),
        (lambda t: t["head.fc.0.bias"].fill_(float("inf")), "not finite"),
        (lambda t: t["head.recurrent.0.weight_hh_l0"][0].fill_(float("-inf")), "not finite"),
    ],
)
def test_tensors_that_do_not_fit_are_told(
    path: Path, change: Callable[[dict[str, torch.Tensor]], None], says: str
) -> None:
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path, {KEY: INFO.to_json()})
    assert says in fault(path)


@pytest.mark.parametrize(
    "kind", ["float16", "bfloat16", "float64", "int32", "uint8", "bool", "complex64", "float8_e5m2"]
)
def test_another_type_is_told(path: Path, kind: str) -> None:
    tensors = {name: t.to(getattr(torch, kind)) for name, t in load_file(path).items()}
    save_file(tensors, path, {KEY: INFO.to_json()})
    assert kind in fault(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "5",
        '"text"',
        "{}",
        "NaN",
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"format": 2}',
        "9" * 5000,
    ],
    ids=lambda text: text[:12] or "nothing",
)
def test_metadata_that_is_no_description_is_told(path: Path, text: str) -> None:
    set_meta(path, text)
    assert "metadata" in fault(path)


OPTIONAL = {
    "stream",
    "baseline",
    "scaling",
    "temperature",
    "threshold",
    "training",
    "test",
    "rates",
    "rejection",
}


@pytest.mark.parametrize("key", sorted(meta().keys() - OPTIONAL))
def test_a_missing_key_is_told(path: Path, key: str) -> None:
    value = meta()
    del value[key]
    set_meta(path, json.dumps(value))
    fault(path)


@pytest.mark.parametrize("rates", [(5.0, 30.0), (10.0, 10.0), None])
def test_the_rates_that_a_model_was_trained_for_are_kept(
    path: Path, rates: tuple[float, float] | None
) -> None:
    saved(path, replace(INFO, rates=rates))
    assert read_info(path).rates == rates
    saved(path, replace(INFO, rates=rates, step_rate=None))
    assert read_info(path).rates == rates


def test_a_file_of_before_the_rates_loads(path: Path) -> None:
    value = meta()
    del value["rates"]
    set_meta(path, json.dumps(value))
    assert (read_info(path).rates, read_info(path).step_rate) == (None, 10.0)


def test_a_file_of_before_movement_was_classified_loads(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    head = HeadConfig(
        pool="statistics", fc=(8,), hidden=(4,), frames=True, project=6, motion=3, cut=0.4
    )
    info = replace(INFO, head=head)
    saved(path, info)
    value = json.loads(info.to_json())
    del value["head"]["movement"]
    set_meta(path, json.dumps(value))
    assert load_model(path).head.mix.shape == (2,)  # frames and memory


WRONG = [
    ("name", [None, 5, "", "a\nb", "\x1b[2J", "\ud800", ["x"]]),
    ("classes", [None, "abc", {}, [], ["a"], ["a", "a"], ["a", 5], ["a", ""], ["a", "b\n"]]),
    ("preset", [None, 5, "\x07"]),
    ("backbone", [None, [], "vgg16", {"kind": "vgg19"}, {"more": 1}, {"a\nb": 1}]),
    ("backbone.size", [None, "224", 224.0, True, 0, -96, 95, 1025, 10**30, [224]]),
    ("backbone.kind", [None, 5, [], "VGG16", "cnn"]),
    ("backbone.batch_norm", [None, 1, "yes"]),
    ("head", [None, [], {}, {"fc": []}]),
    ("head.fc", [None, "ab", 5, [0], [-1], [1.5], [True], [10**9], ["8"], [8] * 9, {"8": 8}]),
    ("head.hidden", [None, [0], [[4]], [65_537], [4] * 9]),
    ("head.pool", [None, "max", 1, []]),
    ("head.cell", [None, "rnn", [], 1]),
    ("head.skip", [None, 1, "no"]),
    ("head.movement", [None, -1, 61, "2", True, 2.0]),  # it has no motion to average
    ("head.dropout", [None, -0.1, 1, float("nan"), "0.5", True]),
    ("step_rate", [0, -1, float("nan"), float("inf"), 1e9, "10", True, 1e-300, 10**400]),
    ("rates", [5, "5, 30", [], [5], [5, 10, 30], [30, 5], [0, 30], [5, 1e9], [5, "30"], [5, True]]),
    ("rates", [[11, 30], [5, 9.9], {"5": 30}, [float("nan"), 30]]),  # its own rate is 10
    ("scaling", [None, "keras", [], 5]),
    ("backbone_digest", [None, 5, "", ["x"]]),
    ("temperature", [None, 0, -1, float("nan"), float("inf"), 1e-320, 10**400, "1", True]),
    ("threshold", [None, -0.1, 1.1, float("nan"), 10**400, "0.5"]),
    ("training", [None, [], "many", {"\ud800": 1}]),
    ("test", [None, 0.9, {"a": "\x1b[31m"}, {"a": [{"b": "\n"}]}]),
    ("more", [1]),
]


@pytest.mark.parametrize(("key", "values"), WRONG, ids=[key for key, _ in WRONG])
def test_a_value_that_makes_no_sense_is_told(path: Path, key: str, values: list[Any]) -> None:
    for wrong in values:
        value = meta()
        part, _, leaf = key.rpartition(".")
        (value[part] if part else value)[leaf] = wrong
        set_meta(path, json.dumps(value))
        assert "metadata" in fault(path)


@pytest.mark.parametrize(
    "change",
    [
        {"head": {"fc": [65_536] * 8}},
        {"head": {"hidden": [65_536] * 8}},
        {"head": {"pool": "flatten", "fc": [65_536]}, "backbone": {"size": 1024}},
    ],
    ids=["fc", "hidden", "input"],
)
def test_absurd_sizes_are_told_before_memory_is_spent(path: Path, change: dict[str, Any]) -> None:
    value = meta()
    for part, parts in change.items():
        value[part] |= parts
    set_meta(path, json.dumps(value))
    tracemalloc.start()
    try:
        fault(path)  # were it built, it would take 17 to 137 GB, and fail
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


def test_tensors_that_claim_more_than_the_file_holds_are_told(path: Path) -> None:
    def grow(header: Header) -> None:
        header["head.classifier.bias"]["shape"] = [1 << 40]

    rewrite(path, grow)
    fault(path)
    path.write_bytes(struct.pack("<Q", 1 << 62) + b"{}")
    fault(path)
