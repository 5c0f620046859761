"""Words the bot never says: a diagnosis, a drug, a dose, a cure, "you are fine". The last guard before a text leaves."""

from __future__ import annotations

import re

from bot.languages import Language

# Quoted words are the patient's own ("because you said …") and may name anything.
_QUOTED = re.compile(r"“[^”]*”|„[^“]*“|「[^」]*」|«[^»]*»|\"[^\"\n]*\"")

_DRUGS = [
    "ibuprofen",
    "paracetamol",
    "acetaminophen",
    "aspirin",
    "amoxicillin",
    "penicillin",
    "diclofenac",
    "metformin",
    "insulin",
    "prednisolone",
    "omeprazole",
    "morphine",
    "tramadol",
    "diazepam",
    "布洛芬",
    "对乙酰氨基酚",
    "扑热息痛",
    "阿司匹林",
    "阿莫西林",
    "头孢",
    "青霉素",
    "二甲双胍",
    "胰岛素",
    "泼尼松",
    "奥美拉唑",
    "安定",
    "速效救心丸",
    "布洛芬",
    "普拿疼",
    "阿斯匹靈",
    "胰島素",
    "盤尼西林",
    "Ibuprofen",
    "Paracetamol",
    "Aspirin",
    "Amoxicillin",
    "Penicillin",
    "Insulin",
    "إيبوبروفين",
    "باراسيتامول",
    "أسبرين",
    "أموكسيسيلين",
    "بنسلين",
    "أنسولين",
]
# "112 mg/dL" is a reading and no dose.
_DOSE = (
    r"\d+(?:[.,]\d+)?\s?(?:mg|ml|µg|mcg|毫克|毫升|微克|片|粒|Tabletten?|tablets?|pills?|ملغ|ملغم|مل|حبة|حبوب|أقراص)\b(?! ?/ ?dl)"
)

# What would be a verdict if the bot said it. "You have an appointment" must stay possible, so diseases are named.
_DISEASE = {
    "zh": "心梗|心肌梗死|中风|脑梗|癌|肿瘤|肺炎|阑尾炎|流感|糖尿病|高血压|抑郁症|胃炎|偏头痛|心肌梗塞|腫瘤|闌尾炎|高血壓|憂鬱症|偏頭痛|中風|腦梗",
    "en": "heart attack|stroke|cancer|tumou?r|pneumonia|appendicitis|flu|diabetes|hypertension|depression|gastritis|migraine|infection",
    "de": "Herzinfarkt|Schlaganfall|Krebs|Tumor|Lungenentzündung|Blinddarmentzündung|Grippe|Diabetes|Bluthochdruck|Depression|Migräne|Infektion",
    "ar": "جلطة|سكتة|سرطان|ورم|التهاب رئوي|التهاب الزائدة|إنفلونزا|سكري|اكتئاب|صداع نصفي|عدوى",
}
_VERDICT = {
    "zh": (
        rf"(?:您|你)(?:得了|患有|患的是|是|有|應該是|应该是|可能是|很可能是)(?:{_DISEASE['zh']})",
        r"确诊为|確診為|诊断为|診斷為|您没事|你没事|您沒事|没有大碍|沒有大礙|不用看医生|不必就医|不用看醫師|包治|根治|建议服用|建議服用",
    ),
    "en": (
        rf"you (?:probably |likely |may |might )?(?:have|had|suffer from|'ve got) (?:an? )?(?:{_DISEASE['en']})",
        r"you are fine|you're fine|nothing to worry about|no need to see a doctor|your diagnosis is|will cure|is cured by|you should take",
    ),
    "de": (
        rf"Sie haben (?:wahrscheinlich |vermutlich )?(?:eine?n? )?(?:{_DISEASE['de']})",
        r"Ihnen fehlt nichts|kein Grund zur Sorge|Sie müssen nicht zum Arzt|Ihre Diagnose (?:ist|lautet)|wird geheilt durch|nehmen Sie \d",
    ),
    "ar": (
        rf"(?:أنت مصاب|لديك|عندك) (?:ب)?(?:{_DISEASE['ar']})",
        r"أنت بخير|لا داعي للقلق|لا تحتاج إلى طبيب|تشخيصك هو|يشفيك|تناول \d",
    ),
}  # fmt: skip
_PATTERNS = {
    family: re.compile("|".join([*verdicts, _DOSE, *map(re.escape, sorted(set(_DRUGS)))]), re.IGNORECASE)
    for family, verdicts in _VERDICT.items()
}


def forbidden_in(text: str, language: Language) -> tuple[str, ...]:
    """Return the words of `text` that the bot must not say, outside the patient's own quoted words."""
    own = _QUOTED.sub(" ", text)
    return tuple(match.group(0) for match in _PATTERNS[language[:2]].finditer(own))
