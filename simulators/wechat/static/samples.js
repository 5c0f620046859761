// What a person may try, in the five languages.
export const samples = {
  "简体中文": ["你好", "我头痛，从昨天开始", "胸口很痛，喘不上气", "孩子发烧三十九度", "膝盖疼应该挂什么科？", "怎么缴费？", "我想找人工护士", "提醒我下周复诊"],
  "繁體中文": ["你好", "我肚子痛，拉肚子兩天了", "胸口很悶，喘不過氣", "小孩發燒 39 度", "膝蓋痛要掛哪一科？", "門診時間是什麼時候？", "我要找護理師"],
  "English": ["Hello", "I have had a headache since yesterday", "My chest hurts and I cannot breathe", "My child has a fever of 39", "Where do I pay?", "I want to talk to a nurse"],
  "Deutsch": ["Guten Tag", "Ich habe seit gestern Kopfschmerzen", "Ich habe starke Schmerzen in der Brust", "Mein Kind hat 39 Grad Fieber", "Wo kann ich bezahlen?", "Ich möchte mit einer Pflegekraft sprechen"],
  "العربية": ["مرحبا", "أعاني من صداع منذ أمس", "صدري يؤلمني ولا أستطيع التنفس", "طفلي عنده حرارة 39", "أين أدفع؟", "أريد التحدث مع ممرضة"],
};
export const languageOf = { zh_CN: "简体中文", zh_TW: "繁體中文", en: "English", de: "Deutsch", ar: "العربية" };
