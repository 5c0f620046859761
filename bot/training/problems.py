"""Why something is not done with a change: a key of `content/phrases/studio/`, and the sentence for the terminal."""

from __future__ import annotations

from bot.errors import KeyedProblem


class ChangeProblem(KeyedProblem):
    """Something cannot be done with a change. Nothing was changed."""


def unknown(number: int) -> ChangeProblem:
    """There is no such change."""
    return ChangeProblem("change_unknown", f"There is no change {number}.", number=number)


def wrong_state(number: int, state: str) -> ChangeProblem:
    """Somebody else was faster, or it was never possible."""
    return ChangeProblem(
        "change_state", f"Change {number} is {state}: that cannot be done with it. Look at it again.", number=number, state=state
    )


def edited(number: int) -> ChangeProblem:
    """It is no longer what was read."""
    return ChangeProblem("change_edited", f"Change {number} was edited meanwhile. Read it again.", number=number)


def own(number: int) -> ChangeProblem:
    """The author decides about it."""
    return ChangeProblem("change_own", f"Change {number} is your own: somebody else has to review it.", number=number)


def not_own(number: int, author: str) -> ChangeProblem:
    """Somebody else's draft."""
    return ChangeProblem(
        "change_not_own", f"Change {number} belongs to {author}, who alone edits it.", number=number, author=author
    )


def not_a_reviewer(number: int) -> ChangeProblem:
    """No right to review."""
    return ChangeProblem("change_no_right", f"You may not review change {number}.", number=number)


def not_clinical(number: int) -> ChangeProblem:
    """Clinical content, and a reviewer who is not clinical."""
    return ChangeProblem(
        "change_clinical",
        f"Change {number} touches clinical content: somebody with the right `clinical` has to review it.",
        number=number,
    )


def empty(number: int) -> ChangeProblem:
    """Nothing in it."""
    return ChangeProblem("change_empty", f"Change {number} has nothing in it yet.", number=number)


def no_reason() -> ChangeProblem:
    """A decision without a word about why."""
    return ChangeProblem("change_reason", "Say why in a few words: the author reads it.")


def wrong_file(file: str) -> ChangeProblem:
    """A file that the studio does not change."""
    return ChangeProblem("change_file", f"{file} is not changed in the studio. Edit it with git.", file=file)


def apart(number: int) -> ChangeProblem:
    """Something else stands where it is to be made."""
    return ChangeProblem(
        "change_apart",
        f"Change {number} does not fit what is there now: its author decides first, place by place. Or give it back with a reason.",
        number=number,
    )


def odd(number: int) -> ChangeProblem:
    """A file that it touches is written in a way that the studio does not edit."""
    return ChangeProblem(
        "change_odd",
        f"Change {number} touches a file that is not edited here as it is written. Mend the file by hand, or give the change back.",
        number=number,
    )


def broken(number: int, problem: str) -> ChangeProblem:
    """What it makes of the packs could not go live."""
    return ChangeProblem("change_broken", f"Change {number} could not go live: {problem}", number=number, problem=problem)


def fits(number: int) -> ChangeProblem:
    """Nothing else stands where it is to be made."""
    return ChangeProblem("change_fits", f"Change {number} fits what is there now: nothing has to be decided.", number=number)


def not_decided() -> ChangeProblem:
    """A place that nobody decided about, or words that do not fit it."""
    return ChangeProblem("change_not_decided", "Decide about each place, and write something where you chose words of your own.")


def protected(intent: str, text: str) -> ChangeProblem:
    """The sentence that shows an intent best."""
    return ChangeProblem(
        "change_protected",
        f"“{text}” shows best what {intent} means, and stays. Name another one in content/studio/intents.yml first.",
        intent=intent,
        text=text,
    )
