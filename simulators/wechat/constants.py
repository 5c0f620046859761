"""Names and secrets of the simulated accounts: the same in every demo, worth nothing anywhere else."""

APP_ID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "SimulatedWeChatToken2026"
AES_KEYS = ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba")
ORIGINAL_ID = "gh_0123456789ab"
TEMPLATES = {"TPL_FOLLOW_UP_0123456789abcdefghijklmnopqrs": "随访提醒"}
NOTICES = {"SUB_FOLLOW_UP_0123456789abcdefghijklmnopqrs": ("thing1", "time2")}

CORP_ID = "ww0123456789abcdef"
KF_SECRET = "SimulatedKfSecret0123456789abcdefghijklmnop"
KF_TOKEN = "SimulatedWeComToken2026"
KF_AES_KEYS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg", "gfedcba9876543210ZYXWVUTSRQPONMLKJIHGFEDCBA")
OPEN_KFID = "wkSimulatedKfAccount0123456789ab"
ROBOT_KEY = "00000000-0000-4000-8000-000000000001"
