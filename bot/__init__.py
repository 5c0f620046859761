"""The program. It knows no Telegram, no WeChat, and only `bot.nlu` knows Rasa."""
