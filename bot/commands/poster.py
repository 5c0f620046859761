"""`daozhen poster`: printable pages with QR codes that open the chat of a department or ward."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.commands.output import fail
from bot.commands.services import read_content
from bot.errors import OperatorError
from bot.languages import LANGUAGES, Language
from bot.settings import PREFIX, ROOT, Settings, handed_on, read_settings

if TYPE_CHECKING:
    from bot.content.load import Content
    from bot.posters.page import Code, Poster
    from bot.posters.sizes import Size
    from bot.scenes.scenes import Scene

Format = Literal["svg", "pdf"]
Places = Annotated[list[str], typer.Argument(help="Departments and wards by id, `hospital`, or `all`; none: list all ids.")]
_ASKING_S = 90
CHANNELS = ("wechat", "wecom", "telegram", "webchat")
_ADDRESS = re.compile(r"(?:https?|weixin)://[^\s/]+", re.IGNORECASE)
_BOT = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")


class PosterProblem(OperatorError):
    """A poster cannot be made. The message says what is missing."""


@dataclass(frozen=True)
class Addresses:
    """Where the codes lead to: by option or setting ("": nowhere), the others from the platforms."""

    telegram: str
    wechat: str
    wecom: str
    web: str
    leave_out: frozenset[str] = frozenset()


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("poster", help="Printable pages (SVG, PDF) with QR codes that open the chat of a department or ward.")(poster)


def poster(  # noqa: PLR0913, PLR0917 - one parameter for each option
    places: Places = [],  # noqa: B006 - typer copies it
    format: Annotated[str, typer.Option("--format", help="svg or pdf.")] = "svg",
    size: Annotated[str, typer.Option("--size", help="a4 or a5.")] = "a4",
    lang: Annotated[list[str], typer.Option("--lang", help="A language on the page, the largest first; none: all five.")] = [],  # noqa: B006
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")] = Path(),
    telegram: Annotated[str, typer.Option("--telegram", help="Name of the Telegram bot; empty: Telegram is asked.")] = "",
    wechat_url: Annotated[
        str, typer.Option("--wechat-url", help="What WeChat's own QR code holds; empty: WeChat is asked.")
    ] = "",
    wecom_url: Annotated[
        str, typer.Option("--wecom-url", help="Link of the WeChat service (微信客服); empty: WeCom is asked.")
    ] = "",
    web_url: Annotated[str, typer.Option("--web-url", help="Address of the web chat; empty: DAOZHEN_PUBLIC_URL.")] = "",
    leave_out: Annotated[
        list[str], typer.Option("--leave-out", help="A channel that is switched on and not to be printed.")
    ] = [],  # noqa: B006
    font: Annotated[list[Path], typer.Option("--font", help="A font file for the PDF, tried before those of this machine.")] = [],  # noqa: B006
) -> None:
    """Write one file for each place."""
    settings = read_settings()
    content = read_content(settings)
    if not places:
        _list(content)
        return
    languages = tuple(dict.fromkeys(_one_of(language, LANGUAGES, "--lang") for language in lang or LANGUAGES))
    kind, paper = _one_of(format, ("svg", "pdf"), "--format"), _one_of(size, ("a4", "a5"), "--size")
    wanted = content.scenes.by_id if "all" in places else dict.fromkeys(places)
    chosen = [_place(content, place) for place in wanted]
    addresses = addresses_of(
        telegram=telegram, wechat=wechat_url, wecom=wecom_url, web=web_url or settings.public_url, leave_out=leave_out
    )
    out.mkdir(parents=True, exist_ok=True)
    for scene, codes in zip(chosen, _codes(settings, chosen, addresses), strict=True):
        page = _page(content, scene, codes, languages)
        path = out / f"poster-{scene.id}-{paper}.{kind}"
        path.write_bytes(draw(page, kind, paper, content, font))
        print(f"{path}: {', '.join(code.channel for code in codes)}")


def addresses_of(*, telegram: str, web: str, leave_out: Sequence[str], wechat: str = "", wecom: str = "") -> Addresses:
    """Return addresses as they were typed. Raises PosterProblem for what no phone would open: a poster hangs for years."""
    bot = re.sub(r"^(?:https://)?(?:t\.me/)?@?", "", telegram.strip())
    if telegram and not _BOT.fullmatch(bot):
        raise PosterProblem(f"--telegram is {telegram}. Write the name of the bot, like my_hospital_bot.")
    web = web.strip().rstrip("/")
    if web and not _ADDRESS.fullmatch(web):
        raise PosterProblem(f"--web-url is {web}. Write it like https://chat.hospital.example, without a path.")
    for option, address in (("--wechat-url", wechat), ("--wecom-url", wecom)):
        if address and not _ADDRESS.match(address):
            raise PosterProblem(f"{option} is {address}. Write the whole address, as the platform shows it.")
    for channel in leave_out:
        _one_of(channel, CHANNELS, "--leave-out")
    return Addresses(bot, wechat, wecom, web, frozenset(leave_out))


def _list(content: Content) -> None:
    for scene in content.scenes.by_id.values():
        print(f"{scene.id:<10} {scene.kind:<10} {scene.names['en']}, {scene.names['zh-Hans']}")


def _one_of(value: str, allowed: Sequence[Any], option: str) -> Any:
    if value not in allowed:
        raise PosterProblem(f"{option} is {value}. Use one of {', '.join(allowed)}.")
    return value


def _place(content: Content, place: str) -> Scene:
    scene = content.scenes.by_id.get(place)
    if scene is None:
        raise PosterProblem(f"There is no department or ward {place}. `daozhen poster` without a name lists them.")
    return scene


def _codes(settings: Settings, scenes: Sequence[Scene], addresses: Addresses) -> list[tuple[Code, ...]]:
    from bot.privacy.encryption import load_cipher
    from bot.scenes.codes import code_of

    cipher = load_cipher(settings)
    return codes_leading_to(settings, [code_of(cipher, scene) for scene in scenes], addresses)


def codes_leading_to(settings: Settings, codes: Sequence[str], addresses: Addresses) -> list[tuple[Code, ...]]:
    """Return what opens each code: WeChat, WeCom, Telegram, web chat, as far as they are known. Raises PosterProblem when none is."""
    from bot.posters.page import Code

    known: dict[str, dict[str, str]] = {}
    for channel, address in (("wechat", addresses.wechat), ("wecom", addresses.wecom)):
        if address:
            known[channel] = dict.fromkeys(codes, address)
    if addresses.telegram:
        known["telegram"] = {code: f"https://t.me/{addresses.telegram}?start={code}" for code in codes}
    on = {"telegram": settings.telegram_token, "wechat": settings.wechat_app_id, "wecom": settings.wecom_corp_id}
    ask = [channel for channel, is_on in on.items() if is_on and channel not in known and channel not in addresses.leave_out]
    if ask:
        known |= _asked(ask, codes)
    if addresses.web and "webchat" not in addresses.leave_out:
        known["webchat"] = {code: f"{addresses.web}/chat?start={code}" for code in codes}
    if not known:
        raise PosterProblem(
            f"There is nowhere to lead to. Set {PREFIX}PUBLIC_URL to the https address of the web chat or switch on a channel, or "
            "name one here: --web-url, --telegram, --wechat-url, --wecom-url."
        )
    order = [channel for channel in CHANNELS if channel in known]
    return [tuple(Code(channel, known[channel][code]) for channel in order) for code in codes]


def _asked(channels: Sequence[str], codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what the platforms say, from a process that knows platforms. Raises PosterProblem: half a poster is not printed."""
    command = [sys.executable, "-m", "connectors.scene_links", ",".join(channels), *codes]
    try:
        environment = handed_on(read_settings())
        answer = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=_ASKING_S
        )
    except subprocess.TimeoutExpired:
        raise PosterProblem("The platforms do not answer. Name the addresses: --telegram, --wechat-url.") from None
    for line in answer.stderr.splitlines()[-3:]:
        fail(line)
    if answer.returncode != 0:
        raise PosterProblem(
            "A channel that is switched on did not say its address. Mend what the lines above say, name the address with --telegram, "
            "--wechat-url or --wecom-url, or leave the channel out with --leave-out."
        )
    found: dict[str, dict[str, str]] = json.loads(answer.stdout)
    return found


def _page(content: Content, scene: Scene, codes: tuple[Code, ...], languages: tuple[Language, ...]) -> Poster:
    from bot.posters.page import Poster

    number = content.triage.hotlines[content.triage.home_region].ambulance
    return Poster(content.scenes.hospital, scene, codes, languages, number)


def draw(page: Poster, kind: Format, size: Size, content: Content, fonts: Sequence[Path] = ()) -> bytes:
    """Return a poster as a file."""
    if kind == "svg":
        from bot.posters import svg

        return svg.draw(page, size, phrases=content.phrases).encode()
    from bot.posters import pdf

    return pdf.draw(page, size, phrases=content.phrases, fonts=fonts)
