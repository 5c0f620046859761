"""All settings in one place: read from the environment (`DAOZHEN_…`, secrets also from `…_FILE`), checked once."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseSettings, Field, ValidationError, validator

from bot.errors import OperatorError
from bot.languages import Language

PREFIX = "DAOZHEN_"
_SQLITE = "sqlite:///"
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(OperatorError):
    """A setting is wrong. The message names the setting and the fix."""


class Settings(BaseSettings):
    """What an operator may set. Each field says what it does; `daozhen check` prints them."""

    environment: Literal["demo", "production"] = Field("demo", description="production refuses sample, unsigned or expired packs")
    host: str = Field("127.0.0.1", description="address the gateway listens on; 0.0.0.0 behind a reverse proxy with TLS")
    port: int = Field(8000, ge=1, le=65535, description="port of the gateway: web chat, health, metrics")
    data_dir: Path = Field(ROOT / "var", description="folder for the database, keys and logs")
    content_dir: Path = Field(ROOT / "content", description="folder of the content packs")
    models_dir: Path = Field(ROOT / "models", description="folder of trained models")
    files_dir: Path = Field(ROOT, description="folder of Rasa's own files, which the studio edits: config.yml, data, domain")
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite in data_dir. postgresql://user:password@host/db")
    keys: str = Field("", description="encryption keys, newest first, parted by commas; empty: made once in data_dir/keys")
    lookup_key: str = Field(
        "", description="secret for finding people by their platform id; empty: made once in data_dir/lookup-key"
    )
    assistant_port: int = Field(5005, ge=1, le=65535, description="loopback port of the assistant (Rasa)")
    actions_port: int = Field(5055, ge=1, le=65535, description="loopback port of the action server")
    assistant_token: str = Field("", description="secret between gateway and assistant; empty: made once in data_dir")
    assistant_timeout_s: float = Field(8.0, gt=0, description="seconds the gateway waits for one answer of the assistant")
    region: str = Field(
        "CN",
        regex="^[A-Z]{2}$",
        description="region of the home hospital; decides emergency numbers when the patient's region is unknown",
    )
    language: Language = Field("zh-Hans", description="language when a first message does not show one")
    retention_days: int = Field(180, ge=1, description="days after which conversations are erased")
    held_minutes: int = Field(
        30, ge=1, le=24 * 60, description="minutes a first message waits, encrypted, for the patient's consent"
    )
    webchat_per_minute: int = Field(
        120, ge=1, description="messages a minute that one web chat session may send; red flags are taken above it"
    )
    telegram_token: str = Field("", description="token of the Telegram bot, from @BotFather; empty: no Telegram")
    telegram_secret: str = Field(
        "", description="secret that Telegram sends with every update: 16 to 256 letters, digits, - and _; needed for the webhook"
    )
    telegram_mode: Literal["webhook", "polling"] = Field(
        "webhook", description="how updates come: webhook needs a public HTTPS address, polling none"
    )
    telegram_api_url: str = Field(
        "", description="address of the Bot API; empty: Telegram's own. For a simulator or a local server"
    )
    telegram_public_url: str = Field("", description="https address under which Telegram reaches this gateway, without a path")
    telegram_staff_group: str = Field(
        "", description="id of the nurses' Telegram group with topics; several by team or language: triage:-1001,ar:-1002,-1003"
    )
    telegram_staff_words: Literal["full", "none"] = Field(
        "full",
        description="full: the staff group shows what patients write, names and numbers masked; none: only that they wrote",
    )
    telegram_staff_closed: Literal["ask", "reopen"] = Field(
        "ask", description="a topic that is closed by hand: ask for the outcome and close the case, or reopen the topic"
    )
    wechat_app_id: str = Field("", description="AppID of the WeChat official account (服务号); empty: no WeChat")
    wechat_secret: str = Field(
        "", description="AppSecret of the official account; without it nothing can be pushed, only answered"
    )
    wechat_token: str = Field("", description="Token of the account's server settings: 16 to 32 letters and digits")
    wechat_aes_keys: str = Field(
        "", description="EncodingAESKey, 43 characters; while it is changed the new and the old one, with a comma"
    )
    wechat_mode: Literal["safe", "plain"] = Field(
        "safe", description="the account's message mode, 安全模式 or 明文模式; plain is for trying out and refused in production"
    )
    wechat_push: Literal["auto", "on", "off"] = Field(
        "auto", description="whether the account may write by itself (客服消息, verified accounts only); auto asks WeChat"
    )
    wechat_deadline_s: float = Field(
        4.5, gt=0, le=4.8, description="seconds until a request of WeChat is answered; WeChat hangs up after 5"
    )
    wechat_links: bool = Field(True, description="numbers of choices can be tapped as well as typed")
    wechat_desk: Literal["own", "transfer"] = Field(
        "own",
        description="own: nurses answer at our desk; transfer: WeChat's own customer service takes over when somebody is there",
    )
    wechat_subscription_template: str = Field(
        "", description="id of the subscription notice (订阅通知) that says that a message waits"
    )
    wechat_subscription_fields: str = Field("thing1={text};time2={time}", description="its fields, filled with {text} and {time}")
    wechat_subscription_lasting: bool = Field(False, description="true when the template is a long-term one (长期订阅)")
    wechat_template: str = Field("", description="id of the template message (模板消息) that says that a message waits")
    wechat_template_fields: str = Field("thing1={text};time2={time}", description="its fields, filled with {text} and {time}")
    wechat_api_url: str = Field("", description="address of WeChat's API; empty: Tencent's own. For a simulator")
    wecom_corp_id: str = Field("", description="corp id of WeCom (企业微信) whose 微信客服 patients write to; empty: no WeCom")
    wecom_kf_secret: str = Field("", description="secret of the WeCom app that may use 微信客服")
    wecom_token: str = Field("", description="Token of the callback of 微信客服: 3 to 32 letters and digits")
    wecom_aes_keys: str = Field(
        "", description="EncodingAESKey of the callback, 43 characters; while it is changed the new and the old one, with a comma"
    )
    wecom_kf_account: str = Field(
        "", description="id of the account of 微信客服 that posters lead to (begins with wk); empty: the first that is ours"
    )
    wecom_handover: Literal["desk", "queue"] = Field(
        "desk",
        description="who answers a patient who asks for a person: desk, our nurses through the bot; queue, the staff in the WeCom app",
    )
    wecom_robot_keys: str = Field(
        "", description="keys of robots in staff groups that are told of urgent cases (behind key= in their address), with commas"
    )
    wecom_api_url: str = Field("", description="address of WeCom's API; empty: Tencent's own. For a simulator")
    smtp_host: str = Field("", description="mail server that pages the staff by e-mail; empty: no e-mail")
    smtp_port: int = Field(587, ge=1, le=65535, description="port of the mail server: 587 with starttls, 465 with tls")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="how the line to the mail server is sealed; none is for a server on this machine and refused elsewhere",
    )
    smtp_user: str = Field("", description="user at the mail server; empty: it asks for none")
    smtp_password: str = Field("", description="password at the mail server")
    smtp_from: str = Field("", description="address from which the staff gets e-mail, like desk@hospital.example")
    desk_url: str = Field("", description="address of the nurses' desk, for notices to the staff; it must not hold a secret")
    desk_idle_minutes: int = Field(
        15, ge=1, le=240, description="minutes without a key or a click after which a nurse's page locks; the password opens it"
    )
    desk_shift_hours: int = Field(
        12,
        ge=1,
        le=24,
        description="hours after which a shift ends by itself that was begun without an end; the desk makes it longer",
    )
    desk_codes: Literal["required", "optional"] = Field(
        "required",
        description="whether the staff needs a code of an authenticator app; optional is for trying out, not in production",
    )
    public_url: str = Field("", description="https address under which patients reach the web chat, without a path; for posters")
    secure_cookies: bool = Field(False, description="set to true when the page is served over HTTPS")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="how much the logs say; patient words never"
    )

    class Config:
        env_prefix = PREFIX
        allow_mutation = False

    @validator("data_dir", "content_dir", "models_dir", "files_dir")
    def _absolute(cls, value: Path) -> Path:
        # Some processes of ours work in another folder: "var" would be another database there, with keys of its own.
        return value.expanduser().absolute()

    @validator("database_url", always=True)
    def _default_database(cls, value: str, values: dict[str, Any]) -> str:
        if value.startswith(_SQLITE) and len(value) > len(_SQLITE):
            return f"{_SQLITE}{Path(value[len(_SQLITE) :]).expanduser().absolute()}"
        if value:
            return value.replace("postgres://", "postgresql://", 1)
        return f"sqlite:///{values['data_dir']}/daozhen.sqlite" if "data_dir" in values else value

    @validator("public_url")
    def _whole_address(cls, value: str) -> str:
        # It is printed on posters, and sent in links: what no phone opens would hang there for years.
        if value and not re.fullmatch(r"https?://[^\s/]+/?", value):
            raise ValueError("write it like https://chat.hospital.example, without a path")
        return value

    @validator("desk_codes")
    def _codes_in_production(cls, value: str, values: dict[str, Any]) -> str:
        if value == "optional" and values.get("environment") == "production":
            raise ValueError("in production it has to be required")
        return value

    @property
    def kept_dir(self) -> Path:
        """Folder of what was made from the content, like the model, and is kept to start sooner."""
        return self.models_dir / "kept"

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the database; None when it is on a server."""
        return Path(self.database_url[len(_SQLITE) :]) if self.database_url.startswith(_SQLITE) else None

    @property
    def assistant_url(self) -> str:
        """Address of the assistant, on loopback only."""
        return f"http://127.0.0.1:{self.assistant_port}"

    @property
    def actions_url(self) -> str:
        """Address of the action server, on loopback only."""
        return f"http://127.0.0.1:{self.actions_port}"


def read_settings(environ: dict[str, str] | None = None) -> Settings:
    """Return the settings of this process. Raises SettingsError with one sentence per wrong setting."""
    environ = dict(os.environ) if environ is None else environ
    values = {name.lower(): value for name, value in _own(environ).items()}
    unknown = sorted(set(values) - set(Settings.__fields__) - _OF_OTHERS)
    if unknown:
        near = difflib.get_close_matches(unknown[0], Settings.__fields__, n=1)
        meant = f" Did you mean {PREFIX}{near[0].upper()}?" if near else ""
        raise SettingsError(
            f"{PREFIX}{unknown[0].upper()} is not a setting.{meant} Remove it or mend the spelling; `daozhen check --settings` shows all."
        )
    try:
        return Settings.parse_obj({name: value for name, value in values.items() if name in Settings.__fields__})
    except ValidationError as error:
        raise SettingsError(" ".join(_sentence(problem) for problem in error.errors())) from error


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the settings as a process reads them that is started with the same."""
    return {PREFIX + name.upper(): str(value) for name, value in settings.dict().items() if value != ""}


def handed_on(settings: Settings) -> dict[str, str]:
    """Return the environment of a process that is started with the same settings, in whatever folder it works."""
    return {**os.environ, **as_environment(settings)}


# Settings that other rooms read themselves (platform addresses) or that steer tests.
_OF_OTHERS = {"test_postgres", "no_skips", "pictures"}


def _own(environ: dict[str, str]) -> dict[str, str]:
    """Return what is set, by name without prefix. What stands there itself counts more than what its file says, in whatever order."""
    own = {name[len(PREFIX) :]: value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in [name for name in own if name.endswith("_FILE")]:
        path, of = own.pop(name), name[: -len("_FILE")]
        if not own.get(of):
            own[of] = _read_file(f"{PREFIX}{name}", path)
    return own


def _read_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise SettingsError(
            f"{name} names a file that cannot be read: {error.strerror}. Mend the path or its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name} names a file that is no UTF-8 text. Save it as UTF-8.") from error


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0])
    return f"{PREFIX}{name.upper()} is wrong: {problem['msg']}. It is the {Settings.__fields__[name].field_info.description}."
