"""The library: own models are imported, renamed, deleted and restored; shipped ones left alone."""

from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.library import (
    delete_model,
    discard_model,
    find_model,
    import_model,
    is_own,
    list_models,
    own_models_dir,
    rename_model,
    restore_model,
)
from lrcn_desktop.model.model import load_model
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.names import free_name, is_name
from lrcn_desktop.resources import assets_dir

SHIPPED = sorted(path.stem for path in (assets_dir() / "models").glob("*.safetensors"))


def names() -> list[str]:
    return sorted(path.stem for path, _ in list_models())


def test_an_imported_model_is_found_by_its_name_and_says_so(tiny_model: Path) -> None:
    path = import_model(tiny_model, "kitchen")
    assert is_own(path)
    assert find_model("kitchen") == path
    assert read_info(path).name == "kitchen"
    before, after = load_model(tiny_model), load_model(path)
    for name, tensor in before.head.state_dict().items():
        assert (after.head.state_dict()[name] == tensor).all()


@pytest.mark.parametrize("name", ["a/b", "", "..", "con", "demo"])
def test_a_name_that_is_not_allowed_or_taken_is_refused(tiny_model: Path, name: str) -> None:
    with pytest.raises(UserError, match="called"):
        import_model(tiny_model, name)
    assert names() == SHIPPED


def test_a_bad_file_gives_its_sentence_and_nothing_is_imported(tmp_path: Path) -> None:
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"no model")
    with pytest.raises(UserError, match=r"bad\.safetensors is no model file"):
        import_model(bad, "kitchen")
    assert names() == SHIPPED


def test_a_renamed_model_is_known_by_its_new_name_only(tiny_model: Path) -> None:
    path = rename_model(import_model(tiny_model, "kitchen"), "Küche 2")
    assert names() == sorted(["Küche 2", *SHIPPED])
    assert read_info(path).name == "Küche 2"
    with pytest.raises(UserError, match="already"):
        rename_model(path, "demo")
    assert "Küche 2" in names()


def test_a_deleted_model_can_be_had_back_until_it_is_discarded(tiny_model: Path) -> None:
    path = import_model(tiny_model, "kitchen")
    content = path.read_bytes()
    deleted = delete_model(path)
    assert "kitchen" not in names()
    restore_model(deleted)
    assert path.read_bytes() == content
    deleted = delete_model(path)
    import_model(tiny_model, "kitchen")
    with pytest.raises(UserError, match="kitchen"):
        restore_model(deleted)
    discard_model(deleted)
    assert sorted(own_models_dir().rglob("*.safetensors")) == [path]


def test_shipped_models_and_strangers_are_left_alone(tiny_model: Path) -> None:
    for path in (find_model("demo"), tiny_model):
        for change in (delete_model, lambda path: rename_model(path, "mine")):
            with pytest.raises(UserError, match="left alone"):
                change(path)
        assert path.is_file()


def test_free_names_are_allowed_and_free() -> None:
    assert free_name("a<b>?", ()) == "ab"
    assert free_name("demo", {"demo", "demo-2"}) == "demo-3"
    assert free_name("...", ()) == "model"
    assert is_name(free_name("x" * 300, ()))
