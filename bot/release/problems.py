"""Why a release is not built, not published, not taken back: a key of `content/phrases/studio.yml`, and the sentence for the terminal."""

from __future__ import annotations

from bot.errors import KeyedProblem


class ReleaseProblem(KeyedProblem):
    """Something cannot be done with a release. Nothing was changed."""


def unknown(name: str) -> ReleaseProblem:
    """There is no such release."""
    return ReleaseProblem("release_unknown", f"There is no release {name}. `daozhen release` lists them.", name=name)


def wrong_state(name: str, state: str) -> ReleaseProblem:
    """What was asked for does not fit the state the release is in."""
    return ReleaseProblem(
        "release_state",
        f"Release {name} is {state}: that cannot be done with it. `daozhen release` lists them.",
        name=name,
        state=state,
    )


def busy() -> ReleaseProblem:
    """Another release is being built or published: one at a time is enough for a machine that serves patients meanwhile."""
    return ReleaseProblem("release_busy", "Another release is being built or published. Wait until that is done.")


def moved_on(files: tuple[str, ...]) -> ReleaseProblem:
    """The live files are no longer those that the gate has seen."""
    named = ", ".join(files[:5])
    return ReleaseProblem(
        "release_moved_on",
        f"These files were edited since the release was built: {named}. Build it again, so that the gate sees what is published.",
        files=named,
    )


def changes_moved(numbers: tuple[int, ...]) -> ReleaseProblem:
    """Somebody gave a change up, or wrote it anew, after the release was built."""
    named = ", ".join(map(str, numbers))
    return ReleaseProblem(
        "release_changes_moved",
        f"These changes were given up or written anew since the release was built: {named}. Build it again without what is not meant.",
        changes=named,
    )


def files_gone(name: str) -> ReleaseProblem:
    """The kept folder of a release is not there any more."""
    return ReleaseProblem("release_gone", f"The files of release {name} are not kept any more. Choose a newer one.", name=name)


def outdated(name: str) -> ReleaseProblem:
    """The program reads messages otherwise than when the release was made."""
    return ReleaseProblem(
        "release_outdated",
        f"Release {name} was made with another version of the program, which reads messages otherwise. Build a new release.",
        name=name,
    )


def refused_model(name: str) -> ReleaseProblem:
    """The assistant does not load the model."""
    return ReleaseProblem(
        "release_model",
        f"The assistant does not load the model of release {name}; the one before answers on. Its log says why.",
        name=name,
    )


def no_room(reason: str) -> ReleaseProblem:
    """The files cannot be written: in most cases the disk is full."""
    return ReleaseProblem(
        "release_no_room",
        f"The files cannot be written ({reason}). Make room on the disk, or let this user write there, and try again; what is served "
        "has not changed.",
        reason=reason,
    )
