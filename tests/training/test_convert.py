"""The converter, on real files of every kind that it reads, built from the shipped weights."""

import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from lrcn_desktop.model.backbones.vgg16 import LAYERS, VGG16
from lrcn_desktop.model.backbones.weights import SCALINGS
from lrcn_desktop.resources import assets_dir
from tools.convert.__main__ import main
from tools.convert.formats import KERAS_NAMES

State = dict[str, Tensor]
# torchvision's IMAGENET1K_V1, features.0.weight[0], as PyTorch prints it.
V1_FILTER = [
    [[-5.5373e-01, 1.4270e-01, 5.2896e-01], [-5.8312e-01, 3.5655e-01, 7.6566e-01],
     [-6.9022e-01, -4.8019e-02, 4.8409e-01]],
    [[1.7548e-01, 9.8630e-03, -8.1413e-02], [4.4089e-02, -7.0323e-02, -2.6035e-01],
     [1.3239e-01, -1.7279e-01, -1.3226e-01]],
    [[3.1303e-01, -1.6591e-01, -4.2752e-01], [4.7519e-01, -8.2677e-02, -4.8700e-01],
     [6.3203e-01, 1.9308e-02, -2.7753e-01]],
]  # fmt: skip


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder that goes at once: pytest would keep its own, and these files are large."""
    with TemporaryDirectory() as folder:
        yield Path(folder).resolve()


def shipped() -> State:
    return {key: torch.from_numpy(t.copy()) for key, t in VGG16.weights().tensors.items()}


def hollow() -> State:
    """VGG-16's shapes in a file of a few kilobytes: every tensor is one number, expanded."""
    return {name: torch.zeros(()).expand(t.shape) for name, t in shipped().items()}


def save_h5(path: Path, kernel: str, bias: str, root: str = "", dtype: str = "f2") -> None:
    """Write the shipped weights as Keras does, with its names of the two data sets."""
    state = shipped()
    with h5py.File(path, "w") as file:
        file.create_group(f"{root}block1_pool")
        for (name, _, _), layer in zip(LAYERS, KERAS_NAMES, strict=True):
            hwio = state[f"{name}.weight"].permute(2, 3, 1, 0).numpy()
            file[f"{root}{layer}/{kernel.format(layer)}"] = hwio.astype(dtype)
            file[f"{root}{layer}/{bias.format(layer)}"] = (
                state[f"{name}.bias"].numpy().astype(dtype)
            )


def save_onnx(path: Path, state: State, *, constants: bool = False) -> None:
    """Write a graph of 13 convolutions, with weights as initializers or as Constant nodes."""
    nodes, initializers, before = [], [], "input"
    for (name, _, _), layer in zip(LAYERS, KERAS_NAMES, strict=True):
        inputs = [before]
        for part in ("weight", "bias"):
            array = numpy_helper.from_array(state[f"{name}.{part}"].numpy(), f"{layer}/{part}")
            inputs.append(array.name)
            if constants:
                nodes.append(helper.make_node("Constant", [], [array.name], value=array))
            else:
                initializers.insert(0, array)  # their order says nothing
        nodes.append(helper.make_node("Conv", inputs, [layer], name=layer))
        nodes.append(helper.make_node("Relu", [layer], [before := f"{layer}/relu"]))
    half = TensorProto.FLOAT16
    graph = helper.make_graph(
        nodes,
        "vgg16",
        [helper.make_tensor_value_info("input", half, [1, 3, 224, 224])],
        [helper.make_tensor_value_info(before, half, None)],
        initializers,
    )
    onnx.save(helper.make_model(graph), path)


SOURCES: dict[str, Callable[[Path], None]] = {
    "full.pth": lambda p: torch.save(
        # torchvision's FEATURES file has a classifier full of NaN: it must not matter
        {k: t.float() for k, t in shipped().items()}
        | {"classifier.0.bias": torch.tensor(torch.nan)},
        p,
    ),
    "features-only.pth": lambda p: torch.save(
        {k.removeprefix("features."): t for k, t in shipped().items()}, p
    ),
    "before-1.6.pth": lambda p: torch.save(shipped(), p, _use_new_zipfile_serialization=False),
    "same.safetensors": lambda p: save_file(shipped(), p),
    "old.h5": lambda p: save_h5(p, "{}_W_1:0", "{}_b_1:0"),
    "new.h5": lambda p: save_h5(p, "{}/kernel:0", "{}/bias:0", "model_weights/", ">f4"),
    "initializers.onnx": lambda p: save_onnx(p, shipped()),
    "constants.onnx": lambda p: save_onnx(p, shipped(), constants=True),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_kind_of_file_rebuilds_the_shipped_weights(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output = tmp_path / name, tmp_path / "out.safetensors"
    SOURCES[name](source)
    assert main([str(source), str(output)]) == 0
    weights = VGG16.read(output)
    assert weights.digest == VGG16.digest
    assert weights.scaling is SCALINGS["caffe"]
    assert all(np.array_equal(weights.tensors[k], t) for k, t in VGG16.weights().tensors.items())
    printed = capsys.readouterr().out
    assert VGG16.digest in printed
    assert "equal to the shipped" in printed


def test_the_metadata_is_the_shipped_files(tmp_path: Path) -> None:
    ours, output = assets_dir() / "vgg16-conv-fp16.safetensors", tmp_path / "out.safetensors"
    assert main([str(ours), str(output)]) == 0
    with safe_open(ours, "pt") as expected, safe_open(output, "pt") as found:
        assert found.metadata() == expected.metadata()


def test_weights_with_red_and_blue_exchanged_are_torchvisions_features(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = shipped()
    state["features.0.weight"] = state["features.0.weight"].flip(1)
    torch.save(state, tmp_path / "vgg16.pth")
    assert main([str(tmp_path / "vgg16.pth"), str(tmp_path / "out.safetensors")]) == 0
    assert VGG16.read(tmp_path / "out.safetensors").scaling is SCALINGS["features"]
    assert "not the shipped" in capsys.readouterr().out


def test_torchvisions_v1_is_known_by_its_first_filter(tmp_path: Path) -> None:
    state = hollow()
    state["features.0.weight"] = torch.randn(64, 3, 3, 3)
    state["features.0.weight"][0] = torch.tensor(V1_FILTER)
    torch.save(state, tmp_path / "w.pth")
    assert main([str(tmp_path / "w.pth"), str(tmp_path / "out.safetensors")]) == 0
    assert VGG16.read(tmp_path / "out.safetensors").scaling is SCALINGS["torchvision"]


def test_unknown_weights_need_to_be_told_their_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = hollow() | {"features.0.weight": torch.randn(64, 3, 3, 3)}
    torch.save(state, tmp_path / "w.pth")
    arguments = [str(tmp_path / "w.pth"), str(tmp_path / "out.safetensors")]
    assert main(arguments) == 2
    assert "--input caffe|torchvision|features" in capsys.readouterr().err
    assert not (tmp_path / "out.safetensors").exists()
    assert main([*arguments, "--input", "torchvision"]) == 0
    assert VGG16.read(tmp_path / "out.safetensors").scaling is SCALINGS["torchvision"]


def test_an_input_that_the_weights_contradict_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(hollow() | {"features.0.weight": shipped()["features.0.weight"]}, tmp_path / "w.pth")
    arguments = [str(tmp_path / "w.pth"), str(tmp_path / "out"), "--input", "torchvision"]
    assert main(arguments) == 2
    assert "BGR" in capsys.readouterr().err


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path("evil-was-here"),)


def bad_state(**changes: object) -> Callable[[Path], None]:
    """Save hollow weights with changes ("__" for "."; None leaves a tensor out)."""
    state = hollow() | {key.replace("__", "."): value for key, value in changes.items()}
    return lambda p: torch.save({k: v for k, v in state.items() if v is not None}, p)


def bad_h5(path: Path) -> None:
    with h5py.File(path, "w") as file:  # a few bytes that promise 4 TB
        file.create_dataset("block1_conv1/kernel:0", (3, 3, 3, 1 << 38), "f4", chunks=(3, 3, 3, 64))
        file["block1_conv1/bias:0"] = np.zeros(64, "f4")


def twice_h5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["a/block1_conv1/kernel:0"] = file["b/block1_conv1/kernel:0"] = np.zeros((3, 3, 3, 64))


def integers_h5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["block1_conv1/kernel:0"] = np.zeros((3, 3, 3, 64), "i4")
        file["block1_conv1/bias:0"] = np.zeros(64, "i4")


def short_onnx(path: Path) -> None:
    graph = helper.make_graph([helper.make_node("Conv", ["x", "w"], ["y"])], "g", [], [])
    onnx.save(helper.make_model(graph), path)


def fed_onnx(path: Path) -> None:
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"], name="fed") for _ in LAYERS]
    onnx.save(helper.make_model(helper.make_graph(nodes, "g", [], [])), path)


def truncated(save: Callable[[Path], None], size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        save(path)
        path.write_bytes(path.read_bytes()[:size])

    return write


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "absent.pth": (lambda p: None, "Cannot read"),
    "a folder": (Path.mkdir, "Cannot read"),
    "empty.pth": (Path.touch, "is empty"),
    "text.pth": (lambda p: p.write_text("no weights at all"), "no file of VGG-16's weights"),
    "pickle.pth": (lambda p: p.write_bytes(pickle.dumps(Evil(), 2)), "could run code"),
    "evil.pth": (lambda p: torch.save({"features.0.weight": Evil()}, p), "could run code"),
    "list.pth": (lambda p: torch.save([torch.zeros(2)], p), "no state dict"),
    "truncated.pth": (truncated(bad_state(), 3000), "damaged"),
    "missing.pth": (bad_state(features__28__bias=None), "features.28.bias is missing"),
    "shape.pth": (bad_state(features__2__weight=torch.zeros(64, 64, 5, 5)), "(64, 64, 5, 5)"),
    "integer.pth": (bad_state(features__2__bias=torch.zeros(64, dtype=torch.int32)), "no floating"),
    "string.pth": (bad_state(features__2__bias="zero"), "no floating"),
    "nan.pth": (bad_state(features__28__bias=torch.full((512,), torch.nan)), "NaN"),
    "huge.pth": (
        bad_state(
            features__0__weight=shipped()["features.0.weight"],
            features__28__bias=torch.full((512,), 1e6),
        ),
        "float16",
    ),
    "truncated.safetensors": (
        truncated(lambda p: save_file({"features.0.bias": torch.zeros(64)}, p), 100),
        "damaged",
    ),
    "missing.safetensors": (
        lambda p: save_file({"features.0.bias": torch.zeros(64)}, p),
        "features.0.weight is missing",
    ),
    "promise.h5": (bad_h5, "has the shape"),
    "twice.h5": (twice_h5, "more than once"),
    "integers.h5": (integers_h5, "no floating"),
    "missing.h5": (lambda p: h5py.File(p, "w").close(), "block1_conv1 is missing"),
    "truncated.h5": (truncated(integers_h5, 600), "damaged"),
    "short.onnx": (short_onnx, "1 of its 13"),
    "fed.onnx": (fed_onnx, "no constant weight for convolution fed"),
    "truncated.onnx": (truncated(short_onnx, 20), "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_one_sentence_and_leaves_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source, folder = tmp_path / name, tmp_path / "out"
    make, sentence = BAD[name]
    make(source)
    folder.mkdir()
    assert main([str(source), str(folder / "out.safetensors")]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert str(source) in error
    assert error.count("\n") == 1
    assert error.endswith(".\n")
    assert not list(folder.iterdir())
    assert not Path("evil-was-here").exists()


def test_an_unwritable_output_is_told_before_the_input_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "absent.pth"), str(tmp_path / "no" / "out.safetensors")]) == 2
    assert "the folder" in capsys.readouterr().err


@pytest.mark.parametrize(("package", "name"), [("h5py", "missing.h5"), ("onnx", "short.onnx")])
def test_a_missing_package_is_named_with_its_command(
    package: str,
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    BAD[name][0](tmp_path / name)
    monkeypatch.setitem(sys.modules, package, None)
    assert main([str(tmp_path / name), str(tmp_path / "out.safetensors")]) == 2
    assert 'pip install "lrcn-desktop[convert]"' in capsys.readouterr().err
