"""A store whose folder is damaged: never answered as empty, never published over, mended where it can be."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import prepared_load
import pytest
from prepared_load import GRAPHS, content, graph

from kg.core.errors import StoreDamagedError, StoreError
from kg.store.engine import is_damage
from kg.store.folder import copy_of, current
from kg.store.opening import Store, open_store
from kg.store.repair import check, repair


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of twelve graphs, written in three batches."""
    location = tmp_path_factory.mktemp("whole") / "store"
    prepared_load.load(str(location), 0, 2, GRAPHS)
    return location


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    """A copy of it to be damaged: its files are its own, none is a hard link."""
    return Path(shutil.copytree(whole, tmp_path / "store"))


def published(folder: Path) -> Path:
    """The copy that readers open."""
    return copy_of(folder, current(folder) or 0)


def empty(folder: Path) -> None:
    """Remove all that is in a folder."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def piped(file: Path) -> None:
    """A named pipe in a file's place, which nobody feeds."""
    file.unlink()
    os.mkfifo(file)


def changed(file: Path, old: str, new: str) -> None:
    """A few letters of a file that are not what was written."""
    file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")


def replaced_by_a_new_database(store: Path) -> None:
    """As by a person who thought that the folder could be made again."""
    other = store.with_name("other")
    prepared_load.load(str(other), 0, 0, 1)
    shutil.rmtree(store / "primary")
    shutil.copytree(other / "primary", store / "primary")


PRIMARY: dict[str, Callable[[Path], object]] = {
    "primary missing": lambda store: shutil.rmtree(store / "primary"),
    "primary empty": lambda store: empty(store / "primary"),
    "primary is a file": lambda store: (shutil.rmtree(store / "primary"), (store / "primary").write_bytes(b"")),
    "primary is a dangling link": lambda store: (
        shutil.rmtree(store / "primary"),
        (store / "primary").symlink_to("nowhere"),
    ),
    "primary without CURRENT": lambda store: (store / "primary/CURRENT").unlink(),
    "primary without MANIFEST": lambda store: next((store / "primary").glob("MANIFEST*")).unlink(),
    "primary of another store": replaced_by_a_new_database,
    "primary without its tables": lambda store: [path.unlink() for path in (store / "primary").glob("*.sst")],
    "primary with a table cut": lambda store: os.truncate(largest(store / "primary"), 100),
    "primary with CURRENT emptied": lambda store: (store / "primary/CURRENT").write_bytes(b""),
}
COPY: dict[str, Callable[[Path], object]] = {
    "current missing": lambda store: (store / "current").unlink(),
    "current empty": lambda store: (store / "current").write_bytes(b""),
    "current no number": lambda store: (store / "current").write_bytes(b"\xff\x00three"),
    "current of 5,000 digits": lambda store: (store / "current").write_text("9" * 5_000, encoding="utf-8"),
    "current no number of ours": lambda store: (store / "current").write_text("\u0664", encoding="utf-8"),
    "current is a pipe": lambda store: piped(store / "current"),
    "copies are a file": lambda store: (shutil.rmtree(store / "published"), (store / "published").write_bytes(b"x")),
    "copy's list gone": lambda store: (published(store) / "kg-files").unlink(),
    "copy's list is a pipe": lambda store: piped(published(store) / "kg-files"),
    "current is a folder": lambda store: ((store / "current").unlink(), (store / "current").mkdir()),
    "current points nowhere": lambda store: (store / "current").write_text("99", encoding="utf-8"),
    "copies gone": lambda store: shutil.rmtree(store / "published"),
    "copies and pointer gone": lambda store: (shutil.rmtree(store / "published"), (store / "current").unlink()),
    "copy empty": lambda store: empty(published(store)),
    "copy is a file": lambda store: (path := published(store), shutil.rmtree(path), path.write_bytes(b"x")),
    "copy without MANIFEST": lambda store: next(published(store).glob("MANIFEST*")).unlink(),
    "copy's MANIFEST cut": lambda store: os.truncate(next(published(store).glob("MANIFEST*")), 40),
    "copy's table gone": lambda store: largest(published(store)).unlink(),
    "copy's list cut": lambda store: os.truncate(published(store) / "kg-files", 50),
}
RECORD: dict[str, Callable[[Path], object]] = {
    "record missing": lambda store: (store / "kg-store.json").unlink(),
    "record empty": lambda store: (store / "kg-store.json").write_bytes(b""),
    "record no object": lambda store: (store / "kg-store.json").write_bytes(b"[]"),
    "record nested": lambda store: (store / "kg-store.json").write_bytes(b"[" * 100_000),
    "record is a folder": lambda store: ((store / "kg-store.json").unlink(), (store / "kg-store.json").mkdir()),
    "record is a pipe": lambda store: piped(store / "kg-store.json"),
    "record with another base": lambda store: changed(store / "kg-store.json", "news.example", "mews.example"),
    "record with an odd layout": lambda store: changed(store / "kg-store.json", '"layout": 4', '"layout": "x"'),
    "record missing, primary emptied": lambda store: ((store / "kg-store.json").unlink(), empty(store / "primary")),
}


QUICK = (
    "current is a pipe",
    "record with another base",
    "primary missing",
    "primary of another store",
    "current missing",
    "copies and pointer gone",
    "record missing",
)


def some(*damages: dict[str, Callable[[Path], object]]) -> list[object]:
    """Every damage; those that are not quick to tell from others only in the long run."""
    names = [name for group in damages for name in group]
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in names]


def largest(folder: Path) -> Path:
    """The largest table of a database."""
    return max(folder.glob("*.sst"), key=lambda path: path.stat().st_size)


def tree(folder: Path) -> dict[str, int]:
    """The files of a folder and their sizes, without the engine's log and lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("LOG", "LOCK")))
    return {str(path.relative_to(folder)): path.stat().st_size for path in files}


def seen(store: Store) -> list[int]:
    """The generation of each graph, -1 for one that is not whole."""
    held = [store.graph_bytes(graph(number)) for number in range(GRAPHS)]
    return [next((g for g in range(9) if lines == content(n, g)), -1) for n, lines in enumerate(held)]


@pytest.mark.parametrize("damage", some(PRIMARY, RECORD, COPY))
def test_a_writer_refuses_a_damaged_store_and_changes_nothing(damage: str, store: Path) -> None:
    """Whatever is missing or broken, a writer says so in one line with the way to mend it, and leaves all as it is."""
    ({**PRIMARY, **COPY, **RECORD})[damage](store)
    before = tree(store)
    with pytest.raises(StoreDamagedError, match=r"is damaged: .*kg stats --repair") as told:
        open_store(str(store), mode="write")
    assert "\n" not in str(told.value)
    assert tree(store) == before


@pytest.mark.parametrize("damage", some(COPY, RECORD))
def test_a_reader_does_not_answer_from_a_damaged_store(damage: str, store: Path) -> None:
    """A copy that is not whole, or a pointer or record that is lost, is told and not answered as an empty store."""
    ({**COPY, **RECORD})[damage](store)
    with pytest.raises(StoreDamagedError, match="is damaged: "):
        open_store(str(store), mode="read")


@pytest.mark.parametrize("damage", some(PRIMARY))
def test_readers_go_on_where_only_the_writers_database_is_damaged(damage: str, store: Path) -> None:
    """The published copy is as good as before."""
    PRIMARY[damage](store)
    with open_store(str(store), mode="read") as reader:
        assert seen(reader) == [2] * GRAPHS


@pytest.mark.parametrize("damage", some(PRIMARY, COPY, RECORD))
def test_a_damaged_store_is_mended_from_what_is_whole(damage: str, store: Path) -> None:
    """Repair brings back every graph, for readers and for the next writer, and finds nothing more to mend."""
    ({**PRIMARY, **COPY, **RECORD})[damage](store)
    assert check(str(store)).wrong
    health, done = repair(str(store))
    assert health.wrong
    assert done
    assert not check(str(store)).wrong
    with open_store(str(store), mode="read") as reader:
        assert seen(reader) == [2] * GRAPHS
    prepared_load.load(str(store), 3, 3, GRAPHS)
    with open_store(str(store), mode="read") as reader:
        assert (seen(reader), reader.base) == ([3] * GRAPHS, prepared_load.BASE)


def test_what_is_broken_twice_is_said_to_be_lost(store: Path) -> None:
    """Where neither database nor copy is whole, repair promises nothing and changes nothing."""
    empty(store / "primary")
    largest(published(store)).unlink()
    before = tree(store)
    with pytest.raises(StoreDamagedError, match="cannot be mended"):
        repair(str(store))
    assert tree(store) == before


def test_a_whole_store_is_whole(store: Path) -> None:
    """Nothing is wrong with a store that nobody touched, and repair leaves it as it is."""
    before = tree(store)
    assert check(str(store)).wrong == ()
    assert repair(str(store))[1] == []
    assert tree(store) == before


def test_a_person_who_may_only_read_can_check_and_is_told_who_mends(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check opens nothing for writing; mending says as whom to do it, and so does a lock that may not be read."""
    real = Path.open

    def refused(modes: str) -> Callable[..., object]:
        def opened(path: Path, mode: str = "r", *rest: object, **options: object) -> object:
            if path.name == "LOCK" and set(mode) & set(modes):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, mode, *rest, **options)  # type: ignore[call-overload]

        return opened

    monkeypatch.setattr(Path, "open", refused("aw+"))
    assert check(str(store)).wrong == ()
    (store / "current").unlink()
    with pytest.raises(StoreError, match="as the user who owns the store"):
        repair(str(store))
    monkeypatch.setattr(Path, "open", refused("r"))
    with pytest.raises(StoreError, match=r"cannot be checked: .*LOCK may not be read"):
        check(str(store))


def test_only_a_store_in_a_folder_can_be_checked(tmp_path: Path) -> None:
    """A folder without a store, and what is no folder, are named."""
    for location in (str(tmp_path), str(tmp_path / "none"), ":memory:", "http://localhost:1/"):
        with pytest.raises(StoreError, match="no store in a folder"):
            check(location)


def flipped(path: Path, chance: random.Random) -> None:
    """One bit of a file turned, in place."""
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def check_flip(store: Path, path: Path, where: str) -> None:
    """After a flip: readers and writers say what is right or that the store is damaged, and no other error."""
    for mode in ("read", "write"):
        try:
            with open_store(str(store), mode=mode) as opened:  # type: ignore[arg-type]
                assert seen(opened) == [2] * GRAPHS, where
                assert len(opened.graphs()) == GRAPHS, where
        except StoreDamagedError:
            pass
        except (OSError, RuntimeError) as error:
            if not is_damage(error):
                raise


@pytest.mark.parametrize("times", [3, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("part", ["published", "primary"])
def test_flipped_bits_are_found(part: str, times: int, whole: Path, tmp_path: Path) -> None:
    """A bit turned anywhere in a copy for readers is told by the check; none makes another answer."""
    chance = random.Random(part)  # noqa: S311 - places in files, not secrets
    for number in range(times):
        store = Path(shutil.copytree(whole, tmp_path / str(number)))
        folder = published(store) if part == "published" else store / "primary"
        path = chance.choice([p for p in sorted(folder.iterdir()) if p.stat().st_size and not p.name.startswith("LOG")])
        flipped(path, chance)
        if part == "published" or (path.suffix == ".sst" and (published(store) / path.name).exists()):
            assert any(path.name in line for line in check(str(store)).wrong), path.name
        check_flip(store, path, f"{number} {path.name}")


def test_a_damaged_database_is_not_published_over_a_whole_copy(store: Path) -> None:
    """A table that is broken in the writer's database only does not reach readers."""
    table = largest(store / "primary")
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(data)
    with pytest.raises((StoreDamagedError, RuntimeError, OSError)):
        prepared_load.load(str(store), 3, 3, 1)
    assert published(store).joinpath(table.name).read_bytes() != bytes(data)
    assert not any("published" in line for line in check(str(store)).wrong)


def test_a_table_is_compared_with_the_one_of_the_copy_before(store: Path) -> None:
    """What nothing reads while little is written: a damaged table that readers had whole is told, not passed on."""
    table = largest(store / "primary")
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(data)
    before = current(store)
    with (
        pytest.raises(StoreDamagedError, match=rf"primary/{table.name} is not what it was"),
        open_store(str(store), mode="write") as opened,
    ):
        opened.replace("https://news.example/article/new", b"<urn:a> <urn:b> <urn:c> .\n")
    assert current(store) == before


def test_foreign_files_are_left_alone_and_stop_nothing(store: Path) -> None:
    """Notes and folders of other people, anywhere in a store, outlive writers and hinder nobody."""
    number = current(store) or 0
    foreign = ["notes.txt", "published/readme", "published/old/a.sst", "published/1/mine.txt", "published/99/a"]
    foreign += [
        f"published/{number + 1}.half",
        f"published/{number + 2}",
        "primary/notes.txt",
        "primary/mine/a",
        "copy-x/a",
    ]
    foreign += [f"published/{number}/notes.txt", "current.half.txt", "published/7.bak/CURRENT"]
    for name in foreign:
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_text("mine", encoding="utf-8")
    (store / "published/link").symlink_to(store)
    prepared_load.load(str(store), 3, 6, GRAPHS)
    with open_store(str(store), mode="read") as reader:
        assert seen(reader) == [6] * GRAPHS
    left = {path.name: path for path in store.rglob("*") if path.is_file() and not path.is_symlink()}
    kept = [path for path in store.rglob("*") if path.is_file() and path.read_bytes() == b"mine"]
    assert len(kept) == len(foreign), sorted(left)
    assert check(str(store)).wrong == ()


def test_a_store_that_held_nothing_takes_another_base(tmp_path: Path) -> None:
    """A base is binding once something was minted under it, and not before."""
    location = str(tmp_path / "store")
    open_store(location, mode="write", base="https://one.example/").close()
    with open_store(location, mode="write", base="https://two.example/") as store:
        store.replace("https://two.example/article/a", b'<https://two.example/article/a> <a:p> "x" .\n')
    with pytest.raises(StoreError, match="holds data under base"):
        open_store(location, mode="write", base="https://one.example/")


def test_a_store_made_for_nothing_is_taken_back(tmp_path: Path) -> None:
    """What a writer has made goes with it where nothing was stored; what was there before stays."""
    location = tmp_path / "new" / "store"
    with open_store(str(location), mode="write") as store:
        store.unmake()
    assert not location.exists()
    with open_store(str(location), mode="write") as store:
        store.replace(graph(1), content(1, 1))
        store.unmake()
    with open_store(str(location), mode="write") as store:
        store.unmake()
    with open_store(str(location), mode="read") as store:
        assert store.graphs() == [graph(1)]


def test_an_update_inside_an_article_is_remembered_until_it_is_read_anew(tmp_path: Path) -> None:
    """Which articles a person changed is known to the next writer; replacing or dropping the graph ends it."""
    location = str(tmp_path / "store")
    one, two = f"{prepared_load.BASE}article/one", f"{prepared_load.BASE}article/two"
    with open_store(location, mode="write", base=prepared_load.BASE) as store:
        store.replace_many({one: b'<a:s> <a:p> "1" .\n', two: b'<a:s> <a:p> "2" .\n'})
        store.update(f'INSERT DATA {{ GRAPH <{one}> {{ <a:s> <a:q> "3" }} GRAPH <{two}> {{ <a:s> <a:p> "2" }} }}')
        store.update('INSERT DATA { <a:s> <a:q> "outside" }')
    with open_store(location, mode="write") as store:
        assert store.changed_by_hand([one, two]) == {one}
        store.update("DELETE WHERE { GRAPH ?g { ?s <a:p> '2' } }")
        assert store.changed_by_hand([one, two]) == {one, two}
        store.drop(two)
        store.replace(one, b'<a:s> <a:p> "4" .\n')
        assert store.changed_by_hand([one, two]) == set()
