"""What patients of the system tests write, in each language, and what has to come back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.languages import Language


@dataclass(frozen=True)
class Words:
    """One patient. `ear` is a complaint that needs questions, `alarm` one that needs an ambulance at once."""

    language: Language
    region: str
    ambulance: str
    hello: str
    ear: str
    ear_department: str
    alarm: str
    question: str
    answer: str  # a part of it
    nurse: str


ALL = (
    Words("zh-Hans", "CN", "120", "您好", "我耳朵疼两天了", "耳鼻咽喉科", "胸口闷，左胳膊发麻", "在哪里付钱", "自助机", "人工"),
    Words("zh-Hant", "TW", "119", "您好，請問", "我耳朵痛兩天了", "耳鼻喉科", "胸口悶，左手臂發麻", "在哪裡付錢", "批價櫃台", "真人"),
    Words("en", "US", "911", "Hello", "my ear has been hurting for two days", "Ear, nose and throat",
          "I have crushing chest pain and my left arm is numb", "where do I pay", "cashier", "nurse"),
    Words("de", "DE", "112", "Guten Tag", "Ich habe seit zwei Tagen Ohrenschmerzen", "Hals-Nasen-Ohren-Heilkunde",
          "Ich habe starke Brustschmerzen und mein linker Arm ist taub", "wo bezahle ich", "Kasse", "Mensch"),
    Words("ar", "SA", "997", "مرحبا", "عندي ألم في الأذن منذ يومين", "الأنف والأذن والحنجرة",
          "عندي ألم شديد في الصدر وذراعي الأيسر مخدر", "أين أدفع", "الصندوق", "ممرضة"),
)  # fmt: skip
