"""Where WeCom's callbacks come in, and whether the settings for it are whole."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.errors import OperatorError
from bot.settings import PREFIX, Settings

OFFICIAL = "https://qyapi.weixin.qq.com"
PATH = "/wecom/callback"
_CORP_ID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class WeComProblem(OperatorError):
    """WeCom is only half set up. The message names the setting and the fix."""


def is_on(settings: Settings) -> bool:
    """Return whether somebody meant to switch customer service on, be it only half."""
    return bool(settings.wecom_corp_id or settings.wecom_token or settings.wecom_kf_secret)


def aes_keys_of(settings: Settings) -> list[str]:
    """Return the keys of the callback, the one in use first."""
    return [key.strip() for key in settings.wecom_aes_keys.split(",") if key.strip()]


def check(settings: Settings) -> None:
    """Raise WeComProblem when a setting is missing or cannot work. No message holds a secret."""
    if not _CORP_ID.fullmatch(settings.wecom_corp_id):
        raise WeComProblem(f"{PREFIX}WECOM_CORP_ID is no corp id. Copy it from WeCom's admin page, 我的企业: it begins with ww.")
    if not settings.wecom_kf_secret:
        raise WeComProblem(
            f"{PREFIX}WECOM_KF_SECRET is missing: the secret of the app that is allowed to use 微信客服. Copy it from the app's page."
        )
    if not _TOKEN.fullmatch(settings.wecom_token):
        raise WeComProblem(
            f"{PREFIX}WECOM_TOKEN is missing or not 3 to 32 letters and digits. Without it anybody could write as a patient. "
            "Copy it from the page where the callback is set."
        )
    keys = aes_keys_of(settings)
    if not 1 <= len(keys) <= 2 or not all(map(_AES_KEY.fullmatch, keys)):
        raise WeComProblem(
            f"{PREFIX}WECOM_AES_KEYS must hold one EncodingAESKey of 43 characters or, while it is changed, the new and the old one "
            "with a comma. Copy it from the page where the callback is set."
        )
    if settings.wecom_api_url and urlsplit(settings.wecom_api_url).scheme not in ("http", "https"):
        raise WeComProblem(f"{PREFIX}WECOM_API_URL is no address. Write it as https://qyapi.weixin.qq.com, or leave it empty.")
