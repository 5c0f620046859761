"""`python -m simulators.wechat --port 8082`: a WeChat and a WeCom on this machine, with a page for people."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import time

from simulators.wechat import constants
from simulators.wechat.postman import Postman
from simulators.wechat.server import Simulator

CHECK_EVERY_S = 2.0


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m simulators.wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=8082, help="port on loopback")
    parser.add_argument("--gateway", default="", help="address of the gateway, when it has its usual callbacks")
    parser.add_argument("--wechat-callback", default="", help="where the official account's pushes go")
    parser.add_argument("--wecom-callback", default="", help="where the pushes of 微信客服 go")
    parser.add_argument("--unverified", action="store_true", help="an account that may only answer")
    parser.add_argument("--mode", choices=("plain", "compat", "safe"), default="safe", help="how pushes are sealed")
    parser.add_argument("--scale", type=float, default=1.0, help="how many seconds pass there in one of ours")
    parser.add_argument("--settings", action="store_true", help="only print what the gateway has to be told")
    arguments = parser.parse_args()
    if arguments.settings:
        print("\n".join(settings(f"http://127.0.0.1:{arguments.port}")))
        return
    verified = not arguments.unverified
    simulator = Simulator(port=arguments.port, scale=arguments.scale, mode=arguments.mode, verified=verified)
    for world in (simulator.official, simulator.corp):
        world.began_at(int(time.time()))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(simulator, *callbacks(arguments)))


def callbacks(arguments: argparse.Namespace) -> tuple[str, str]:
    """Return where the pushes of the official account and of 微信客服 go."""
    gateway = arguments.gateway.rstrip("/")
    usual = (f"{gateway}/wechat/callback", f"{gateway}/wecom/callback") if gateway else ("", "")
    return arguments.wechat_callback or usual[0], arguments.wecom_callback or usual[1]


async def _serve(simulator: Simulator, wechat: str, wecom: str) -> None:
    ended = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    async with simulator:
        print(f"WeChat and WeCom are simulated. For people: {simulator.url}/")
        print("For the gateway:")
        for line in settings(simulator.url):
            print(f"  {line}", flush=True)
        settling = asyncio.ensure_future(_settle(simulator, wechat, wecom))
        await ended.wait()
        settling.cancel()


def settings(url: str) -> list[str]:
    """Return what the gateway has to be told, as NAME=value."""
    return [
        f"DAOZHEN_WECHAT_API_URL={url}",
        f"DAOZHEN_WECHAT_APP_ID={constants.APP_ID}",
        f"DAOZHEN_WECHAT_SECRET={constants.SECRET}",
        f"DAOZHEN_WECHAT_TOKEN={constants.TOKEN}",
        f"DAOZHEN_WECHAT_AES_KEYS={constants.AES_KEYS[0]}",
        f"DAOZHEN_WECHAT_SUBSCRIPTION_TEMPLATE={next(iter(constants.NOTICES))}",
        f"DAOZHEN_WECHAT_TEMPLATE={next(iter(constants.TEMPLATES))}",
        f"DAOZHEN_WECOM_API_URL={url}",
        f"DAOZHEN_WECOM_CORP_ID={constants.CORP_ID}",
        f"DAOZHEN_WECOM_KF_SECRET={constants.KF_SECRET}",
        f"DAOZHEN_WECOM_TOKEN={constants.KF_TOKEN}",
        f"DAOZHEN_WECOM_AES_KEYS={constants.KF_AES_KEYS[0]}",
        f"DAOZHEN_WECOM_ROBOT_KEYS={constants.ROBOT_KEY}",
    ]


async def _settle(simulator: Simulator, wechat: str, wecom: str) -> None:
    """Check the addresses until they answer, as an admin would who presses the button again; then push there."""
    await asyncio.gather(_settle_one(simulator.official.postman, wechat), _settle_one(simulator.corp.postman, wecom))


async def _settle_one(postman: Postman, url: str) -> None:
    while url and not await postman.accepts(url):
        await asyncio.sleep(CHECK_EVERY_S)
    if url:
        print(f"The address was checked and is in use: {url}", flush=True)


if __name__ == "__main__":
    main()
