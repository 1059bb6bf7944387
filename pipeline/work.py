"""One letter from drop to tasks, without Prefect: what `ingest` calls directly and flows call as a task."""

import errno
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from pipeline import bundles, extracting, inbox, steps
from pipeline.checking import Cleared, Outcome
from pipeline.errors import NoRoom
from pipeline.failpoints import failpoint
from pipeline.identity import new_id
from pipeline.inbox import Drop
from pipeline.register import Register
from pipeline.reports import Report, silent


def take(register: Register, path: Path, *, keep_original: bool = False) -> Drop:
    """Take a file into staging as a drop that is claimed by the caller."""
    drop_id = new_id()
    register.claim(drop_id)
    try:
        return inbox.take(register.home, path, drop_id, keep_original=keep_original)
    except OSError:
        register.give_back(drop_id)
        raise


def unfinished(register: Register) -> list[Drop | str]:
    """What an earlier run, or an attempt that is due again, left: drops and documents, claimed by the caller."""
    drops = [d for d in inbox.left_over(register.home) if steps.is_due(register, d) and _claimed(register, d)]
    return [*drops, *(sha256 for sha256 in steps.pending(register) if register.claim(sha256))]


def _claimed(register: Register, drop: Drop) -> bool:
    """Claim a drop that was seen in staging; False where somebody has it, or has just finished with it."""
    if not register.claim(drop.id):
        return False
    if drop.path.parent.exists():
        return True
    register.give_back(drop.id)
    return False


def admit(register: Register, drop: Drop) -> list[Outcome | Cleared]:
    """Check and receive one claimed drop; whatever goes wrong becomes an outcome.

    Of a folder or an archive there are as many as files, main texts before their annexes.
    """
    try:
        return bundles.enter(register, drop)
    except Exception as error:
        return [steps.failed(register, error, drop=drop)]
    finally:
        register.give_back(drop.id)


def complete(register: Register, sha256: str, cleared: Cleared | None = None, report: Report = silent) -> Outcome:
    """Read and extract one claimed document; whatever goes wrong becomes an outcome."""
    name = register.store.value("SELECT name FROM documents WHERE document_sha256 = ?", [sha256])

    def progress(done: int, total: int) -> None:
        report("page", {"name": name, "done": done, "total": total})

    try:
        return steps.finish(register, sha256, cleared, progress)
    except Exception as error:
        return steps.failed(register, error, sha256=sha256)
    finally:
        register.give_back(sha256)


def ingest(register: Register, paths: list[Path], report: Report = silent) -> list[Outcome]:
    """Read files now, several at once, with whatever an earlier run left; the originals stay where they are."""
    items, refused, sources = unfinished(register), [], {}
    for path in paths:
        try:
            drop = take(register, path, keep_original=True)
        except OSError as error:
            refused.append(_not_taken(register, path, error))
        else:
            items.append(drop)
            sources[drop.id] = path
    report("total", {"letters": len(items)})

    def one(item: Drop | str) -> list[Outcome]:
        outcomes = []
        for admitted in [item] if isinstance(item, str) else admit(register, item):
            if isinstance(admitted, Outcome):
                outcome = admitted
            elif isinstance(admitted, Cleared):
                outcome = complete(register, admitted.sha256, admitted, report)
            else:
                outcome = complete(register, admitted, report=report)
            outcomes.append(outcome)
        if isinstance(item, Drop) and item.id in sources:
            outcomes = _from(sources[item.id], outcomes)
        for outcome in outcomes:
            report("letter", msgspec.structs.asdict(outcome))
        return outcomes

    with ThreadPoolExecutor(register.settings.letters_at_once, thread_name_prefix="letter") as threads:
        outcomes = [outcome for found in threads.map(one, items) for outcome in found]
        # Annexes that an earlier run left have waited for their letter: now it is there.
        waited = {outcome.document for outcome in outcomes if outcome.code == "main_first"}
        ready = [d for d in steps.pending(register) if d in waited and register.claim(d)]
        later = {outcome.document: outcome for found in threads.map(one, ready) for outcome in found}
    return refused + [
        msgspec.structs.replace(later[outcome.document], source=outcome.source)
        if outcome.code == "main_first" and outcome.document in later
        else outcome
        for outcome in outcomes
    ]


def _not_taken(register: Register, path: Path, error: OSError) -> Outcome:
    """What is said of a path that could not be copied into staging; raises NoRoom where the disk is full."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise NoRoom("disk_full", path=register.home.path) from error
    code = "no_plain_file" if isinstance(error, shutil.SpecialFileError) else "not_readable"
    return Outcome("refused", path.name, code=code, source=str(path))


def _from(path: Path, outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes of a drop with where they came from: the path, or the file's name in that folder or archive."""
    if len(outcomes) == 1 and not path.is_dir():
        return [msgspec.structs.replace(outcomes[0], source=str(path))]
    return [msgspec.structs.replace(o, source=str(path / o.name) if o.name else None) for o in outcomes]


def reextract(register: Register, documents: list[str], report: Report = silent) -> dict[str, object]:
    """Run the rules again over what was read; says how many tasks were kept, gained and lost."""
    report("total", {"letters": len(documents)})
    kept = gained = lost = 0
    for sha256 in documents:
        before = {k.task_id for k in extracting.known_tasks(register, sha256)}
        extracting.extract(register, sha256)
        after = {
            task_id
            for (task_id,) in register.store.rows(
                "SELECT task_id FROM tasks WHERE document_sha256 = ? AND status = 'current'", [sha256]
            )
        }
        kept, gained, lost = kept + len(before & after), gained + len(after - before), lost + len(before - after)
        name = register.store.value("SELECT name FROM documents WHERE document_sha256 = ?", [sha256])
        report("letter", {"state": "done", "name": name, "document": sha256, "tasks": len(after)})
    failpoint("after_extracted")
    return {"documents": len(documents), "kept": kept, "gained": gained, "lost": lost}
