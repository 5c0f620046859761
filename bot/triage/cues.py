"""The small words that change what a symptom word means: negation, doubt, time, person, question. By language family."""

from __future__ import annotations

import re

from bot.languages import Language
from bot.triage.normalise import ARABIC

# Patient language, not doctors' notes: known clinical lists turn emergencies into "denied" (clinical table §7.1).
_NEGATION = {
    "zh": r"没有|没|并未|从未|未见|未|并无|不是|不觉得|不|无|否认|排除了?|别的没|从来没|莫得|毋",
    "en": r"\bno\b|\bnot\b|\bwithout\b|\bdon'?t\b|\bdoesn'?t\b|\bdidn'?t\b|\bhaven'?t\b|\bhasn'?t\b|\bisn'?t\b|\baren'?t\b|\bwasn'?t\b|\bnever\b|\bain'?t\b|\bfree of\b|\bneither\b|\bnor\b|\bdenies\b|\bdenie[ds]\b|\bdenying\b|\bnegative for\b|\b-ve for\b|\bruled? ?out\b|\brather than\b|\binstead of\b|\bweren\'?t\b|\bhadn\'?t\b|\bnone of\b|\bno longer\b|\bsans\b|\bw/o\b|\babsence of\b|\bunlikely\b|\blow suspicion (?:for|of)\b",
    "de": r"\bkeine?[nrms]?\b|\bkeinerlei\b|\bnicht\b|\bohne\b|\bnie\b|\bniemals\b|\bweder\b|\bnoch nie\b|\bfrei von\b|\bnix\b|\bstatt\b|\banstatt\b|\bausschluss von\b|\bverneint\b|\bfrei von\b",
    "ar": r"\b(?:لم يعد|ما عاد|ما بقي)(?: عندي| لدي| عنده| عندها| في| فيني)?\b|\bما عند(?:ي|ه|ها|نا)\b|\bما في(?:ه|ني)?\b|\bما معي\b|\bلا\b|\bما\b|\bمش\b|\bمو\b|\bموب\b|\bليس\b|\bليست\b|\bبدون\b|\bمن غير\b|\bمفي\b|\bمافي\b|\bمافيش\b|\bمفيش\b|\bمعنديش\b|\bماعندي\b|\bلم\b|\bولا\b|\bبلا\b|\bغير\b|\bلست\b|\bلسنا\b|\bمن دون\b|\bمنيب\b|\bماني\b|\bمهوب\b|\bمانيش\b|\bماعنديش\b|\bمعندوش\b|\bمعندهاش\b|\bما عنديش\b|\bما كو\b|\bماكو\b|\bماكان\b|\bمش حاسس ب\w*",
}
# What looks like a negation and is none, or ends it: "not only", "never like this", "no relief", "kaum".
_NOT_A_NEGATION = {
    "zh": r"(?P<twice>[\u4e00-\u9fff])[不没](?=(?P=twice))|不是不|没有不|不止|不仅|不光|不但|不只|不知道|不确定|不清楚|不晓得|不得了|差不多|没有缓解|没缓解|没有好转|没好转|不见好|不好|没完没了|不停|不断|不住|是不是|有没有|会不会|要不要|怕不是|不了|不小心|不慎|不由|不自主|不自觉|不舒服|不对劲|不得不|不同|不明|不经意|不爱|不想(?!死|自杀|轻生|伤害|去死)|不愿|不能|不肯|不敢|未成年|不规律|不正常|不稳|不良|不足|不孕|不吃|不喝|不注意|不行|不到|不管用|没多久|没想到|没精神|没力|没胃口|没睡|没休息好|没吃|没喝|没注意|没办法|没法|没用|没效果|无效|无缘无故|无意|无故|无痰|无力|无法|无名|不(?:太|怎么|那么|算|特别|是很|是太|是特别|是一直|是天天|是每|是经常|是总|经常|总是|常常)|没有?(?:那么|这么|之前|以前|平时|一直|持续|天天|经常)|不(?:能|可能)?排除|未排除|没(?:有)?排除|不能除外|不除外|不透气|不通气?|不好受|不下去|不起来|不住|不上来|不下来|不出来?|不敢|不见得|不一定|不晓得|不好意思|不明原因|不明显原因|没完|没见好|没见效|没管用|没起作用|没好转|没起色|没断过?|没停过?|没间断|不间断|从不间断|没变化|没改善|没减轻|没有(?:用|效果?|改善|减轻|变化|停|断|间断|见好|起色)|不消(?!化)|不退|不散|不减|不降|不止一|毫无征兆|毫无预兆|没(?:什么)?征兆|没来由|无故|无来由|没有任何(?:原因|预兆|征兆|诱因)|无明显诱因|没有明显(?:诱因|原因)|没有(?:原因|诱因|预兆|征兆)|没碰|没磕|没摔|没撞|不用力|不动(?=也|都|的时候|时)|没动|没干活|没运动|不干活|不运动|再不|要不|不如|不然|不料|不巧|不过(?!敏)|不久|不到|不仅仅|不单|不论|不管|不得不|不得已|无论|未必|没准|没法",
    "en": r"\bnot only\b|\bnot just\b|\bnot sure\b|\bdon'?t know\b|\bnever had\b[^,.;]{0,40}\blike this\b|\bnever\b[^,.;]{0,40}\blike this\b|\bno relief\b|\bwithout (?:warning|reason|any reason|doing anything)\b|\bnot (?:better|improving|going away|stopping)\b|\bwon'?t\b|\bno idea\b|\bno matter\b|\bno doubt\b|\bcan'?t\b|\bcannot\b|\bcan not\b|\bnot able\b|\bnot feeling well\b|\bno better\b|\bno longer (?:able|feel)|(?:\bnot|n\'?t)(?: been able to| really| even)? (?:sleep|slept|eat|eaten|drink|drunk|drank|want(?! to (?:die|kill|hurt|harm|end))|(?:feel|felt) (?:my|his|her|anything|well|good|right|ok|the baby)|stop|stopped|go away|gone away|get better|help|helped|move|walk|work|worked|breathe|breathing|wake|waking|respond|responding|woken)\b|\bnot (?:a little|once|even|long|normal|right|ok(?:ay)?|well|good|fine|usual|myself|until|anymore|know|only|simply|merely|exactly sure|certain|always|every|constant(?:ly)?|all the time|too (?:bad|severe|much)|very (?:bad|severe|much|strong)|that (?:bad|severe|much)|so (?:bad|severe|much)|as (?:bad|severe|much|strong))\b|\bnothing (?:helps|helped|works|worked|touches)\b|\bno (?:improvement|change|clue|wonder|end|break|letup|stopping|one|time|medicine|medication|painkillers?|tablets?|pills?)\b|\bnon-?stop\b|\bwithout (?:any )?(?:end|stopping|a break|pause|interruption|cause|exertion|effort|touching|moving|lifting|notice|exercise|injury|trauma)\b|\bnobody\b|\bcan ?not (?:rule|be excluded)\b|\b(?:not|cannot|can'?t|couldn'?t) (?:be )?(?:excluded?|rule(?:d)? (?:it )?out)\b|\bto rule out\b|(?<!been )(?<!was )(?<!is )(?<!has )\brule out\b|\b(?:doesn'?t|does not|didn'?t|did not|don'?t|do not|isn'?t|is not) (?:seem to |appear to )?(?:know|get better|go away|going away|getting better|stop|stopping|improve|improving|ease|easing|settle|help|helping|let up|change|respond|react|work|wake|breathe|look (?:right|well|good))\b|\b(?:haven'?t|has(?:n'?t| not)|have not) (?:changed|improved|gone|stopped|eased|settled|helped)\b|\bnot (?:that|as if) i\b|\bif not\b|\bor not\b|\bwhy not\b|\bnot to mention\b|\bno,? (?:but )?(?:i|it|he|she|my) \b|\bno problem\b|\bno\.? ?\d",
    "de": r"\bnicht nur\b|\bweiß nicht\b|\bweiss nicht\b|\bnicht sicher\b|\bohne (?:belastung|grund|anlass|vorwarnung)\b|\bnicht (?:besser|weg|mehr aufhören)\b|\bhört nicht auf\b|\bgeht nicht weg\b|\bkeine ahnung\b|\bkeine besserung\b|\bkann (?:vor [^,.]{1,30} )?nicht\b|\bnoch nie so\b|\bnicht mehr\b|\bnicht (?:ge)?(?:schlafen|essen|gegessen|trinken|getrunken|aufstehen|laufen|gehen|arbeiten|gearbeitet|atmen|bewegen|geholfen)\b|\bnicht (?:ganz|so|sehr|immer|ständig|jeden|normal|gut|wohl|richtig|okay|ok|lange|einmal|bloß|allein|zuletzt|ansprechbar|auszuhalten|mehr auszuhalten|zu ertragen|auszuschließen|ausgeschlossen|ausschließen|zu stoppen|abklingen|nachlassen|aufhören|umhin|dass ich)\b|\bohne (?:jede[nrms]? |jegliche[nrms]? |ersichtlichen |erkennbaren |besonderen |irgendeinen )?(?:belastung|grund|anlass|vorwarnung|ursache|anstrengung|unterbrechung|pause|ende|sturz|unfall|verletzung|auslöser|ankündigung|anzustoßen|berührung|bewegung)\b|\bkein(?:e[nr]?)? (?:ende|wunder|mensch|medikament|schmerzmittel|tablette|arzt|schlaf|bisschen|linderung|änderung|veränderung|auslöser|grund|nachlassen)\b|\bnichts (?:hilft|half|gebracht)\b|\bhilft nicht\b|\b(?:lässt|lassen|ließ) nicht nach\b|\bwird nicht\b|\bgehen nicht weg\b|\bhören nicht auf\b|\bweiss? nicht\b|\bnicht (?:wissen|sagen|erklären|verstehen)\b",
    "ar": r"\bمش عارف\b|\bما ادري\b|\bمدري\b|\bلا ادري\b|\bمو متاكد\b|\bمش متاكد\b|\bليس فقط\b|\bمش بس\b|\bلا يتوقف\b|\bما يوقف\b|\bمش قادر\b|\bما اقدر\b|\bلا استطيع\b|\bما بقدر\b|\bغير طبيعي\b|\bما يروح\b|\bما نمت\b|\bلم انم\b|\bلا انام\b|\bما انام\b|\bلا اكل\b|\bما اكل\b|\bم[شو] مخليني\b|\bلا تنام\b|\bلا ينام\b|\bما (?:هو|هي|علاقه|سبب|اسباب|علاج|العلاج|افضل|الفرق|معني|تفسير|اعراض|هذا|هذه)\b|\bلا املك\b|\bلا اعرف\b|\bلا يوجد سبب\b|\bبدون سبب\b|\bبدون توقف\b|\bغير عادي\b|\bغير مستقر\b|\bليس (?:فقط|مجرد|دائما|طبيعيا)\b|\bمو (?:بس|طبيعي|مرتاحه?|زين|كويس|دايم|دائما|قادره?)\b|\bم[شو] (?:طبيعي|كويسه?|مرتاحه?|راضي|قادره?|فاهم|فاهمه|دايما|اول مره)\b|\b(?:ما|لم|لا) (?:يتحسن|تتحسن|تحسن|تحسنت|يخف|تخف|خف|خفت|راح|راحت|يروح|تروح|يوقف|توقف|يتوقف|تتوقف|وقف|وقفت|يهدي|تهدي|ينفع|نفع|ينزل|تنزل|اعرف|اعلم|ادري|ندري|استطيع|اقدر|يقدر|تقدر|يستطيع|تستطيع|اكلت|نمت|شربت|رحت)\b|\bبدون (?:اي )?(?:سبب|مجهود|توقف|انقطاع|سابق انذار|مقدمات|حركه)\b|\bمن غير (?:سبب|مجهود|ما)\b|\bلا (?:اعلم|ادري|ازال|يزال|تزال|بد|شك|يستجيب|تستجيب|يرضع|ترضع|يتحرك|تتحرك)\b|\bما زال\b|\bما زالت\b|\bمازال\b|\bمش بس كد[هاة]\b|\bغير (?:قادر|قادره|طبيعيه|مريح|مفهوم|معروف|منتظم|منتظمه|محتمل)\b|\b(?:عمري ما|ما عمري) (?:حس|شعر|شف|ذق|شفت)\w*|\bاول مره\b|\bما بعد\b|\bولا (?:مره|شي ينفع)\b",
}
_NEGATION_AFTER = {
    "zh": r"^[，,\s]*(?:倒是?|都|也|是|就|暂时|目前|现在|已经?|可能|应该)?(?:没有|没|无|不存在|排除了?|否认|阴性)(?=$|[，,。.！!；;]|的|了|过|呢|啊|啦|哈)",
    "en": r"^\s*(?:(?::|-|\?|=)\s*)?(?:(?:is|are|was|were|has been|have been|been)\s+)?(?:no|none|nope|nil|absent|negative|denied|excluded|ruled out|not really|not at all|not (?:there|present|seen|found|noted|identified|observed|detected|visible|the (?:problem|issue|case)|what i (?:have|mean|meant))|unlikely)(?=\s*(?:$|[,.;)]|and\b|but\b|\w+ (?:yes|no)\b|\u0001+:? (?:yes|no)\b|at this|today))|^,? i (?:don'?t|do not) have\b|^\s+(?:do|does|did|have|has)(?:n'?t| not)(?: (?:occur|happen|exist|come|show|develop))?(?=\s*(?:$|[,.;]|and\b|but\b))",
    "de": r"^\s*(?:(?::|-|\?|=)\s*)?(?:(?:habe|hab|hatte|hat|haben) (?:ich |er |sie |wir |es )?|sind |ist |war |waren |gibt es |besteht |bestehen |liegt |liegen |tritt |treten |spüre ich |verspüre ich |bemerke ich )?(?:auch |gar |überhaupt |eigentlich |bisher |zum glück |derzeit |aktuell )*(?:nicht|nein|nee|keine[rsn]?(?: spur)?|nix|ausgeschlossen|verneint|negativ)(?=(?: mehr| vor| da| vorhanden| auf| bei mir| das problem)*\s*(?:$|[,.;]|und\b|aber\b|nur\b|sondern\b|\w+ (?:ja|nein)\b|\u0001+:? (?:ja|nein)\b))",
    "ar": r"^\s*(?::)?\s*(?:لا(?=\s*(?:$|[،,.]|\w+ نعم))|مش موجوده?|مو موجوده?|غير موجوده?|مفيش|ما في|مافي|ماكو|ما عندي|معنديش|ليس عندي|لا يوجد|ما موجود|منفي|مستبعده?)",
}
_ADVERSATIVE = {
    "zh": r"但是|但|不过|可是|只是|就是|然而|却|而是",
    "en": r"\bbut\b|\bhowever\b|\bthough\b|\bexcept\b|\bonly\b|\bjust\b|\byet\b",
    "de": r"\baber\b|\bjedoch\b|\bsondern\b|\bdafür\b|\bnur\b|\ballerdings\b|\bdoch\b",
    "ar": r"\bبس\b|\bالا\b|\bسوي\b|(?<=عندي )غير\b|(?<=في )غير\b|\bلكن\b|\bولكن\b|\bغير ان\b|\bالا ان\b|\bمع\b",
}
# A new statement, or a verb that is what is negated ("did not take anything for my headache"): the negation ends there.
_POSITIVE = {
    "zh": r"(?<!没)(?<!没有)有(?!没有)|开始|老是|总是|因为|由于|之后|以后|后|才|就是|但|反而|倒是|却|还是|只|又|会|带|吃|喝|喂|停|去|来|做|看(?!到|见)|查|用|拍|挂|开药|打|睡",
    "en": r"\bi\b|\bi've\b|\bi'?m\b|(?<!in )(?<!on )(?<!of )(?<!with )\b(?:my|his|her|our)\b|\bit\b|\bhe\b|\bshe\b|\bthey\b|\bhas\b|\bthere is\b|\bthere'?s\b|\byes\b|\bnow\b|\bstarted\b|\bis\b|\bare\b|\bpositive for\b|\bbecause\b|\bdue to\b|\bsince\b|\bafter\b|\bcaused\b|\bwhen(?:ever)?\b|\bwhile\b|\buntil\b|\bthen\b|\bfor\b|(?<=\w )from\b(?! (?:any|a)\b)|\b(?:tak(?:e|en|ing)|tried|try|go(?:ne|ing)?|went|seen|call(?:ed)?|used|mention|expect|understand|remember|care|worry|treat(?:ed)?|sleep|slept|eat|eaten|work|know|want|need|like|despite)\b(?! chest| a| any)|:|\u0002",
    "de": r"\bhabe\b|\bhab\b|\bhat\b|\bhaben\b|\bbekomme\b|\bkriege\b|\bspüre\b|\bja\b|\bjetzt\b|\bist\b|\bsind\b|\bich\b|\bmir\b|\bmein(?:e[nrms]?)?\b|\ber\b|\bes\b|\bwegen\b|\bweil\b|\bseit\b|\bnach\b|\btrotz\b|\bdurch\b|\bwenn\b|\bbeim?\b|\bgegen\b|\bdann\b|\bschmerzt\b|\btut\b|\btun\b|\bgenommen\b|\bgewesen\b|:|\u0002",
    "ar": r"(?<=[\w\u0001] )(?:و)?(?:عندي|عنده|عندها|اشعر|احس|حاسس)\b|(?<!ما )\bفي\b(?= [\u0001])|\bنعم\b|\bالحين\b|\bالان\b|\bبسبب\b|\bلان\b|\bمنذ\b|\bمن يوم\b|\bرغم\b|\bاعاني\b(?! من)|\bبعد\b|\bلما\b|\bرحت\b|\bاخذت\b|\bنمت\b|\bاكلت\b|\bشربت\b|\bلكنه?\b|\bكان\b|:|\u0002",
}
_LIST_OR = {
    "zh": r"或者|或是|或|和|以及|、|也没|及",
    "en": r"\bor\b|\bnor\b",
    "de": r"\boder\b|\bund auch nicht\b|\bnoch\b|\bund auch keine?[nrms]?\b|\bund keine?[nrms]?\b|\bbzw\b|\bsowie\b",
    "ar": r"\bاو\b|\bولا\b|\bأو\b|\bام\b",
}
_DOUBT = {
    "zh": r"好像|可能|会不会|有点像|怀疑|怕是|似乎|不知道是不是|是不是|也许|应该是|大概|像是|貌似|估计|说不定|没准|不知是|疑似|不会是|该不会|恐怕|我猜|不太确定|不确定|不清楚是|差点|感觉像|难道|莫非",
    "en": r"\bmaybe\b|\bmight\b|\bperhaps\b|\bseems?\b|\bnot sure\b|\bcould (?:it )?be\b|\bi think\b|\bprobably\b|\bpossibly\b|\bkind of\b|\bsort of\b|\bi guess\b|\bi suspect\b|\bi'?m afraid\b|\bmay (?:be|have)\b|\bpossible\b|\blikely\b|\bfeels? like\b|\blooks? like\b|\bis (?:it|this|that)\b|\bdon'?t know\b|\bwonder(?:ing)?\b|\bunsure\b|\balmost\b|\bnearly\b|\bsuspected\b|\bworried (?:that|it|i)\b|\bcan'?t tell\b|\bas if\b",
    "de": r"\bvielleicht\b|\bkönnte\b|\bich glaube\b|\bnicht sicher\b|\bweiß nicht\b|\bweiss nicht\b|\bvermutlich\b|\bwahrscheinlich\b|\birgendwie\b|\bmöglicherweise\b|\beventuell\b|\bevtl\b|\bscheint\b|\bscheinbar\b|\banscheinend\b|\bich denke\b|\bich vermute\b|\bverdacht\b|\bschätze\b|\bso etwas wie\b|\bso was wie\b|\bals ob\b|\bfast\b|\bbeinahe\b|\bob das\b|\bkönnten\b|\bkann (?:das|es) sein\b|\bkann das\b|\bbefürchte\b|\bwohl\b",
    "ar": r"\bيمكن\b|\bشكلي\b|\bمدري\b|\bمو متاكد\b|\bربما\b|\bاعتقد\b|\bاحتمال\b|\bممكن\b|\bاظن\b|\bاتوقع\b|\bيبدو\b|\bقد يكون\b|\bقد تكون\b|\bكانه\b|\bكاني\b|\bكان في\b|\bشاكه? (?:ان|انه)?\b|\bمش متاكده?\b|\bمش عارفه?\b|\bما ادري\b|\bلا ادري\b|\bخايفه? (?:يكون|تكون)\b|\bلا اعرف\b|\bتقريبا\b|\bاخاف (?:يكون|تكون)\b|\bمحتمل\b|\bهل هذا\b|\bهل هذه\b|\bهل هو\b|\bهل هي\b|\bزي ما يكون\b",
}
_PAST = {
    "zh": r"(?<!跟)(?<!像)(?<!和)以前|之前(?:就|也|都)?(?:有过?|得过?|患过?|是有|曾)|去年|前年|小时候|年轻时|曾经?|得过|当年|上个?月|(?:几|两|[二三四五六七八九十\d]+多?|好几|好多)个?[年月]前|半年前|早年|那年|过去(?!了)|既往|病史|[一二三四五六七八九十]岁那?[年时]|上大学时|上学时|当兵时|(?:19|20)\d\d年",
    "en": r"\blast (?:year|month|summer|winter|spring|autumn|fall|january|february|march|april|may|june|july|august|september|october|november|december)\b|\byears? (?:ago|back)\b|\bmonths? (?:ago|back)\b|\bas a (?:(?:small|little|young) )?(?:child|kid|teenager|baby|toddler|infant|boy|girl)\b|\bwhen i was (?:a |little|young|\d)|\bused to\b|\bin the past\b|\bhistory of\b|\bh/o\b|\bback then\b|\bpreviously\b|\bpast medical\b|\bin (?:19|20)\d\d\b|\bonce had\b|\bin my (?:teens|twenties|thirties|forties|youth|childhood)\b",
    "de": r"\bfrüher(?:e[rnms]?)?\b|\bletzte[sn] jahr\b|\bletzten (?:monat|sommer|winter|herbst|frühling)\b|\bvorletzte[sn] (?:jahr|monat)\b|\bvor (?:einem|einer|zwei|drei|vier|fünf|zehn|vielen|einigen|mehreren|\d+) (?:jahr|jahren|monaten|monat)\b|\bals (?:kind|kleinkind|säugling|jugendliche[r]?|baby)\b|(?<!wie )\bdamals\b|\bhatte (?:schon )?(?:mal|einmal)\b|\b(?:19|20)\d\d\b|\bin der vergangenheit\b|\bin meiner (?:jugend|kindheit)\b|\bvorgeschichte\b|\beinst\b",
    "ar": r"\bزمان\b|\b(?:سنه|عام|في|سنة) (?:19|20)\d\d\b|\bقبل (?:سن[هة]|سنتين|سنوات|سنين|شهور|اشهر|شهرين|\d+ (?:سنوات|سنين|سنه|شهور|اشهر))\b|\b(?:السنه|العام) (?:الماضي[هة]?|اللي فات[ت]?|الفايته?)\b|\bقبل (?:حوالي |تقريبا )?(?:ثلاث|اربع|خمس|ست|سبع|ثمان|ثماني|تسع|عشر|عشرين|ثلاثين|عده|بضع)ه? (?:سنين|سنوات|سنه|عاما|شهور|اشهر)\b|\b(?:وانا|وهو|وهي) (?:صغيره?|طفله?)\b|\bلما كنت (?:صغيره?|طفله?)\b|\bسابقا\b|\bمن قبل\b|\bفي الماضي\b|\bالشهر الماضي\b|\bمن (?:سنين|سنوات) كان\b|\bفي صغري\b|\bقبل كذا سنه\b",
}
_RESOLVED = {
    "zh": r"(?<!不)(?<!没)(?<!越来越)好了|没事了|没了(?!$)|不疼了|不痛了|缓解了|消失了|恢复了|退了|过去了|已经好|全好|不再|痊愈(?!吗|么)|(?<!能)(?<!可以)(?<!怎么)(?<!不好)治好(?!吗|么|不)|退烧了|消了|止住了|不见了|正常了|康复|没再|下去了|好转了|好多了",
    "en": r"\b(?:is|are|was|has|have|now|'s|all|completely|already)? ?gone\b(?! (?:up|down|numb|on|to|blue|white|red|cold|worse|black|purple|pale))|\bwent away\b|\bwent by itself\b|(?<!i )(?<!i've )(?<!i have )(?<!he )(?<!she )\b(?:has |have |it |pain )?stopped\b(?! (?:taking|smoking|drinking|using|working|eating|moving|breathing|my|the|feeding))|\bresolved\b|\b(?:all |much |feel(?:ing)? |is |are |am |got |gotten |getting )better now\b|\b(?:is|are|am) fine (?:now|again)\b|\bfine now\b|\bcleared up\b|\b(?:it|they|pain|that) passed\b|\bgot better\b|\bover now\b|\b(?:is|are|it'?s) over\b|\brecovered\b|\bdisappeared\b|\bsubsided\b|\bback to normal\b|\bhealed\b|\bsettled (?:down )?(?:now|again|by itself)\b|\bcured\b",
    "de": r"(?<!schritt )(?<!knickt )(?<!sackt )(?<!klappt )\bweg\b(?! (?:zur|zum|ins|nach))|\bvorbei\b|\bwieder (?:gut|besser|okay|ok|normal|gesund|in ordnung)\b|\b(?:schon|viel|deutlich|jetzt|inzwischen|bereits|längst|alles) (?:wieder )?besser\b|\bbesser geworden\b|\bverschwunden\b|\b(?:hat|haben) (?:\w+ ){0,2}aufgehört\b|\b(?:ist|sind|war|waren) (?:\w+ )?nicht mehr(?: da)?\s*(?:$|[,.])|\babgeklungen\b|\büberstanden\b|\bausgeheilt\b|\bverheilt\b|\bgeheilt\b|\bnachgelassen\b|\bbeschwerdefrei\b|\bauskuriert\b",
    "ar": r"\bراح\b|\bراحت\b|\bاختفي\b|\bاختفت\b|\bتحسنت?\b|\bخف\b|\bخفت\b|\bانتهي\b|\bانتهت\b|\bوقف\b|\bوقفت\b|\bتوقف\b|\bتوقفت\b|\bزال\b|\bزالت\b|\bطاب\b|\bطابت\b|\bشفيت\b|\bتعافيت\b|\bرجع طبيعي\b|\bما عاد\b|\bصرت احسن\b|\bصار احسن\b|\bالحمد لله احسن\b",
}
_STILL = {
    "zh": r"没有缓解|没缓解|没好|没有好|不见好|还没|没完全|没有完全|还没|没退|不退|没消|又(?:开始|来|疼|痛|犯|出现|发)|反复|复发|不好|没见好|还是",
    "en": r"\bnot gone\b|\bhasn'?t\b|\bhaven'?t\b|\bnot better\b|\bwon'?t\b|\bnever\b|\bdoesn'?t\b|\bnot (?:completely |fully |really |all )?(?:gone|resolved|stopped|cleared|over|away)\b|\b(?:came|comes|come|is|are) back\b(?! to normal)|\bagain\b|\bstill\b|\breturned\b|\bif (?:it|they)\b|\bhasn'?t\b|\buntil\b|\bdidn'?t\b|\bhas not\b|\bhave not\b|\bwhen (?:is|will|does)\b|\bto (?:go away|stop)\b|\bwant\b|\bhow (?:do|can|to|long)\b",
    "de": r"\bnicht weg\b|\bnicht besser\b|\bgeht nicht\b|\bkeine\b|\bnoch nicht\b|\bnicht (?:weg|vorbei|verschwunden|aufgehört|nachgelassen|abgeklungen|ganz weg)\b|\bwieder da\b|\bwiederkommen\b|\bwiedergekommen\b|\bkommt wieder\b|\bkommen wieder\b|\bimmer noch\b|\bnoch immer\b|\bwie bekomme\b|\bwie kriege\b|\bwann (?:geht|ist)\b|\bsoll\b|\bmuss weg\b|\bwie geht\b|\bhört nicht\b",
    "ar": r"\bما راح\b|\bلم\b|\bما خف\b|\bمش\b|\bرجع(?:ت)?\b(?! طبيعي)|\bما راحت\b|\bما خفت\b|\bلا يزال\b|\bلسه\b|\bلسا\b|\bبعده\b|\bما وقف\b|\bما تحسن\b|\bما يروح\b|\bما (?:اختفي|زال|توقف|انتهي)\b|\bمازال\b",
}
# What opens a condition: what stands in it is imagined. What follows it is not: "if I climb stairs I get chest pain".
_HYPOTHETICAL = {
    "zh": r"如果|万一|要是|假如|假设|若是?|假使|倘若|以防",
    "en": r"\bif\b|\bin case\b|\bwhat happens when\b|\bsuppos(?:e|ing)\b|\bin the event of\b|\bimagine\b|\bwhenever someone\b",
    "de": r"\bfalls\b|(?<!immer )\bwenn\b(?! ich\b)|\bwas\b[^?]*\bwenn ich\b|\bwas tun bei\b|\bangenommen\b|\bim falle? (?:von|eines|einer)\b|\bsollte\b(?! ich)",
    "ar": r"\bلو\b|\bاذا\b|\bفي حال(?:ه)?\b|\bان حصل\b|\bلو صار\b",
}
_MAIN_CLAUSE = {
    "zh": r"就(?!是)|便会|(?<=.)时|的时候",
    "en": r"\bthen\b|(?<=\w )\b(?:i|my|it|there|he|she|his|her)\b",
    "de": r"\bdann\b|(?<=\w )\b(?:ich|mir|mein\w*|tut|schmerzt|brennt)\b",
    "ar": r"(?<=\w )\b(?:ب?احس|يجيني|تجيني|ب?يوجعني|ب?توجعني|ب?اشعر|(?<!صار )(?<!كان )(?<!يكون )(?<!صارت )عندي)\b",
}
# A sentence with these is a question: a comma after "if…" does not end what is imagined.
_ASKS = {
    "zh": r"怎么办|怎么处理|咋办|该(?:怎么|去|挂|看|不该)|应该|挂什么|挂哪|要不要|能不能|可以吗|会不会|吗|是不是|需要|哪个科",
    "en": r"\bwhat (?:should|do|can|would|to)\b|\bshould i\b|\bwhere\b|\bwhich\b|\bhow\b|\bwho\b|\bdo i (?:have|need)\b",
    "de": r"\bwas (?:soll|muss|mache|kann|tun)\b|\bwohin\b|\bwelche\w*\b|\bmuss ich\b|\bsoll ich\b|\bwo\b|\bwie\b",
    "ar": r"\b(?:ايش|شو|ايه|ماذا|وش|كيف|وين|اين)\b|\bاعمل ايه\b|\bهل\b",
}
# What asks about a thing in general: "what is…", "does … cause …".
_GENERAL = {
    "zh": r"什么是|怎么预防|如何预防|怎样预防|会引起|会导致|会造成|能引起|能导致|是什么原因|有哪些症状|的症状(?:有|是)|怎么判断|怎样判断|如何判断",
    "en": r"\bwhat (?:is|are)\b|\bwhat'?s (?:a|an|the)\b|\bwhat causes\b|\b(?:can|could|does|do|will|would)\b(?:(?!\bbut\b)[^.?!,;:]){0,40}\b(?:causes?|lead to|mean)\b|\bshould i (?:worry|get)\b|\bhow (?:can|do|does|to)\b[^.?!]{0,20}\b(?:prevent|recogni[sz]e|tell|avoid|catch|spot)\b|(?:^\s*|\bwhat[^.?!]{0,20})\b(?:early )?(?:signs|symptoms) of\b|\bhow (?:dangerous|serious|common|likely|contagious) (?:is|are)\b|\bdifference between\b|^\s*(?:the )?causes? of\b",
    "de": r"\bwas ist\b|\bwas sind\b|\bwas bedeutet\b|\bwas heißt\b|\bwoher kommt\b|\bwodurch\b|\bführt\b[^.?!]{0,30}\bzu\b|\bverursacht\b|\bworan (?:erkenne|erkennt|merke|merkt|sieht|sehe)\b|\bwie (?:erkenne|erkennt|beugt|verhindert|vermeidet|gefährlich|schlimm|häufig|ansteckend)\b|(?:^\s*|\bwas[^.?!]{0,20})\b(?:anzeichen|symptome) (?:von|für|eines|einer)\b|\bunterschied zwischen\b|\bkann (?:man )?(?:von )?\w+ \b(?=[^.?!]{0,40}\b(?:auslösen|verursachen|bekommen)\b)",
    "ar": r"\bما (?:هو|هي|اسباب|سبب|اعراض|علامات|معني|الفرق)\b|\b(?:شو|ايش|وش) (?:هو|هي|اعراض|سبب|معني|يعني)\b|\bايه (?:هو|هي|اعراض|سبب)\b|\bهل (?:يسبب|تسبب|يؤدي|تؤدي|يودي|تودي|ممكن (?:يسبب|تسبب))\b|^\s*(?:ما )?اعراض\b|\bكيف (?:اعرف|اتجنب|نعرف)\b",
}
# What a quiz or a statistic asks about strangers: "in which city did he…", "how many people have…". Nothing with means of harm.
_TRIVIA = {
    "zh": r"哪一?(?!.*(?:安乐|安樂|合法|允许|允許|协助|協助|无痛|無痛))(?:年|[个位]?(?:国家|國家|城市|皇帝|诗人|詩人|作家|演员|演員|明星|歌手|总统|總統|国王|國王|女王|画家|畫家|将军|將軍|朝代|电影|電影|导演|導演|人物|科学家|科學家|球员|球員|拳王|音乐家|音樂家|设计师|設計師|哲学家|哲學家))|谁(?:杀了?|写了?|画了?|发明|演的|唱的|刺杀|毒死|害死|暗杀)|(?:全国|全球|全世界|全台|世界上)(?:一共|总共)?(?:有)?多少|多少人(?:有|患|得|死于|失眠|抑郁)",
    "en": r"(?!.*\b(?:assisted|legal|allowed|painless|pills)\b)\b(?:in|on|during|from) (?:which|what) (?:city|town|country|state|year|decade|century|month|war|battle|film|movie|book|novel|play|opera|series|song|album|palace|castle)\b|\b(?:which|what) (?:[\w-]+ ){0,3}?(?:actor|actress|singer|musician|band|rapper|king|queen|emperor|empress|president|prime minister|painter|artist|designer|writer|author|poet|composer|politician|dictator|scientist|philosopher|footballer|boxer|athlete|character|god|goddess|saint|pope|explorer|film|movie|novel|song|album)s? (?:was|were|is|are|has|had|did|does|died|committed|lost|wrote|sang|shot|killed|who|that|with)\b|\b(?:which|what) (?:bone|bones|muscle|gland|vitamin|blood type)s? (?:is|are|was|were|do|does|did|has|have)\b|^\W*who (?:was|were|said|shot|killed|wrote|sang|played|plays|assassinated|invented|painted|murdered|composed|directed|discovered)\b|\bhow many (?:people|men|women|adults|children|kids|babies|soldiers|presidents|\w+ people) (?:are|were|have|had|die|died|get|got|suffer|live|commit)\b",
    "de": r"(?!.*\b(?:sterbehilfe|assistiert\w*|legal|erlaubt|schmerzlos)\b)\b(?:in|aus) welche[rmns]? (?:stadt|land|jahr|jahrhundert|film|buch|roman|oper|stück|schloss|serie|lied|krieg)\b|\bwelche[rs]? (?:[\w-]+ ){0,3}?(?:schauspieler(?:in)?|sänger(?:in)?|könig(?:in)?|kaiser(?:in)?|präsident(?:in)?|maler(?:in)?|dichter(?:in)?|schriftsteller(?:in)?|komponist|modeschöpfer|designer|politiker|diktator|philosoph|boxer|film|roman|feldherr|papst|rapper|musiker)\b|^\W*wer (?:war|erschoss|ermordete|schrieb|sang|spielte|spielt|erfand|malte|hat (?:[\w-]+ ){0,3}(?:erschossen|ermordet|umgebracht|getötet|erfunden|gemalt|geschrieben))\b|\bwie viele (?:menschen|leute|frauen|männer|kinder|deutsche) (?:haben|sind|leiden|sterben|starben|leben)\b",
    "ar": r"(?!.*(?:قتل رحيم|القتل الرحيم|مسموح|قانوني|بدون الم))\bفي (?:اي|اية|ايه) (?:مدينه|بلد|دوله|سنه|عام|قرن|فيلم|مسلسل|كتاب|روايه)\b|\b(?:اي|مين|من هو|من هي) (?:ال)?(?:ممثل|ممثله|مغني|مطرب|ملك|ملكه|رئيس|شاعر|كاتب|رسام|امبراطور|فيلسوف|مصمم|قائد|خليفه|ملاكم)\b|^\W*(?:مين|من) (?:اللي |الذي )?(?:قتل|كتب|رسم|غني|اخترع|اغتال)\b|\bكم (?:شخص|انسان|نسمه)\b",
}
# Who asks so is not telling of themselves: "我想问".
_ASKER = {
    "zh": r"我?(?:就|只|也)?(?:想|要|来)(?:请?问|知道|了解|咨询|请教|打听)(?:一下)?|问一下|请问|帮我查|告诉我|我们?老师说|我听说|我看到|我在网上",
    "en": r"\b(?:i|we)(?:'d| would)? ?(?:just )?(?:want(?:ed)?|like|need) to (?:know|ask|understand|learn)\b|\b(?:can|could) (?:you|i) (?:please )?(?:tell|explain|ask|help)(?: me)?\b|\btell me\b|\bi (?:was|am|'m) (?:just )?(?:wondering|curious)\b|\bi (?:just )?(?:have|had|got) a (?:general |quick )?question\b|\bi (?:read|heard|saw)\b|\bshould i (?:worry|be worried)\b|\bwhat should i do\b|\bwhat do i do\b|\bdo i (?:have|need) to\b|\bi (?:was )?ask(?:ing|ed)?\b",
    "de": r"\bich (?:möchte|wollte|will|würde gern[e]?|hätte gern[e]?) (?:nur |mal |gern[e]? )*(?:wissen|fragen|erfahren)\b|\bich (?:habe|hab|hätte) (?:nur |mal )?eine (?:allgemeine |kurze )?frage\b|\bkönnen sie mir (?:sagen|erklären)\b|\bich frage mich\b|\bich habe (?:gelesen|gehört)\b|\bwas (?:soll|muss|kann|mache) ich\b|\bmuss ich mir sorgen\b",
    "ar": r"\b(?:اريد|اود|حابه?|ابغي|ابي|عايزه?|بدي|احب) (?:ان )?(?:اعرف|اسال|افهم|استفسر)\b|\bعندي (?:سوال|استفسار)\b|\bسوالي\b|\bممكن (?:اعرف|اسال|سوال)\b|\bقريت\b|\bسمعت\b|\bماذا افعل\b|\bشو اعمل\b|\bايش اسوي\b",
}
# A question about the thing itself; "why does my head hurt?" still tells of a head that hurts.
_ABOUT = {
    "zh": r"危险吗|严重吗|要紧吗|会死吗|会传染吗|传染吗|是什么病|怎么预防|什么意思|可怕吗|正常吗|能治好?吗|遗传吗|常见吗|危险嘛|严重嘛",
    "en": r"(?:^|[,;:]|\b(?:so|and|but|or|hi|hello|please|know|tell me|how|why|whether|if))\s*(?:how (?:bad|serious|dangerous) )?(?:is|are|can|could)\b[^.?!]{0,60}\b(?:dangerous|serious|bad|normal|contagious|common|fatal|deadly|hereditary|curable|kill)\b",
    "de": r"(?:^|[,;:]|\b(?:und|aber|oder|hallo|bitte|wissen|fragen|mal))\s*(?:wie )?(?:ist|sind|kann|können|gefährlich|schlimm|ob)\b[^.?!]{0,60}\b(?:gefährlich|schlimm|ernst|normal|ansteckend|tödlich|vererbbar|heilbar|häufig|sind|ist)\b",
    "ar": r"\bهل\b[^.?!؟]{0,60}\b(?:خطيره?|معديه?|طبيعيه?|مميته?|وراثيه?|قاتله?)\b|\b(?:خطيره?|معديه?)\s*$",
}

# Somebody or some moment in particular: who asks so tells what happened.
_SPECIFIC = {
    "zh": r"他|她|我|咱|爸|妈|爷|奶|公公|婆婆|老公|老婆|突然|忽然|刚|现在|今天|今早|昨|前天|已经|一直|越来越|这么|那么|得厉害|[了着](?=[^，,]{0,3}(?:危险|严重|要紧|会死|正常|怎么))|\d|[一两三四五六七八九半]整?[天个条只次夜晚]",
    "en": r"\b(?:he|she|his|her|my|our|this|these|now|today|since|just|suddenly|started|yesterday|last night|woke|took|i|we)\b|'s\b",
    "de": r"\b(?:er|ihr\w*|sein\w*|mein\w*|unser\w*|diese[rsmn]?|plötzlich\w*|jetzt|heute|seit|gerade|gestern|ich|wir|hat|wurde)\b|\bsie (?:hat|ist|kann)\b",
    "ar": r"\b(?:فجاه|الان|الحين|اليوم|امس|امبارح|البارح|من امس|صار|صارت|هذا ال|هذه ال|(?<!ما )هو|(?<!ما )هي)\b|\b\w{2,}(?:ني|ها|نا)\b",
}

_OWN = {
    "zh": r"我|现在|今天|一直|疼得|已经",
    "en": r"\bi\b|\bmy\b|\bme\b|\bnow\b|\btoday\b|\bi'm\b",
    "de": r"\bich\b|\bmir\b|\bmein[er]?\b|\bmich\b|\bjetzt\b|\bheute\b",
    "ar": r"\bعندي\b|\bلدي\b|\bمعي\b|\bلي\b|\bانا\b|\bالحين\b|\bاليوم\b|\bاعاني\b|\bاشعر\b|\bاحس\b|\bحاسس?\w*|\b[يتب]\w{2,}ني\b(?<!يعني)|\b(?:ب|ل|ف)?(?:راس|صدر|بطن|ظهر|قلب|عين|عيون|اذن|انف|خشم|رقبت|معدت|يد|ايد|رجل|كتف|ركبت|ضرس|اسنان|حلق|زور|جلد|وجه|نفس|حرارت|ضغط|سكر|دم|كليت|خاصرت|ذراع|جسم|ابن|بنت|ولد|طفل|طفلت|زوج|زوجت|ام|اب|جدت|جد)ي\b",
}
_FAMILY_HISTORY = {
    "zh": r"(?:爸|妈|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|阿公|阿嬷|阿妈|阿爸|爸爸|妈妈|伯|姑|姨|舅舅|家里人|家人|亲戚|哥|姐|弟|妹|叔|舅|家族)[^，,。.！!？?]{0,12}(?:得过|走的|去世|有过|家族史|遗传|是.{1,8}走)|遗传|家族史",
    "en": r"\b(?:mother|father|mom|mum|dad|grandmother|grandfather|grandma|grandpa|sister|brother|aunt|uncle|family)\b[^.?!]{0,30}\b(?:had|died|history)\b|\bruns in (?:the|my) family\b|\bfamily history\b|\bhereditary\b",
    "de": r"\b(?:mutter|vater|oma|opa|großmutter|großvater|schwester|bruder|tante|onkel|familie)\b[^.?!]{0,30}\b(?:hatte|starb|gestorben|verstorben)\b|\bin der familie\b|\berblich\b|\bfamiliär",
    "ar": r"(?:امي|ابي|ابوي|جدي|جدتي|اخي|اختي|عمي|خالي|والدي|والدتي)[^.?!؟]{0,25}(?:كان(?:ت)? (?:عند|يعاني|تعاني|مصاب|مريض|فيه|يشكي|تشكي|يشتكي|تشتكي)|توفي|توفيت|مات|ماتت)|\bوراث|تاريخ عائلي",
}
_NOT_SELF = {
    "zh": r"我(?:妈|爸|奶奶|爷爷|外婆|外公|姥姥|姥爷|老公|老婆|丈夫|妻子|先生|太太|爱人|儿子|女儿|孩子|宝宝|娃|小孩|弟|妹|哥|姐|朋友|同事|同学|室友|婆婆|公公|岳父|岳母|家人|家里老人|邻居|孙子|孙女|父亲|母亲|阿妈|阿爸|男朋友|女朋友|侄|外甥|家那位|家老头|家老太|家小)|孩子|宝宝|小孩|婴儿|新生儿|老人|老爷子|老太太|老头|老伴|他|她|有人|路人|患者|病人|👶|👵|👴",
    "en": r"\b(?:my|our|the|a)\s+(?:\w+\s+){0,3}(?:mother|father|mom|mum|mommy|dad|daddy|grandma|grandpa|grandmother|grandfather|gran|nan|granny|husband|wife|partner|son|daughter|child|kid|baby|infant|toddler|newborn|sister|brother|friend|colleague|neighbou?r|boyfriend|girlfriend|aunt|uncle|grandson|granddaughter|roommate|boy|girl|man|woman|guy|patient|little one|year[- ]old|flatmate|coworker|boss|teacher|student)\b|\bhe\b|\bshe\b|\bhis\b|\bher\b|\bhim\b|👶|👵|👴",
    "de": r"\b(?:mein|meine|meiner|meinem|meinen|unser|unsere|unserem|der|die|ein|eine)\s+(?:\w+\s+){0,2}(?:mutter|vater|mama|papa|oma|opa|großmutter|großvater|mann|frau|ehemann|partner|partnerin|sohn|tochter|kind|baby|säugling|schwester|bruder|freund|freundin|kollege|kollegin|nachbar|nachbarin|enkel|enkelin|tante|onkel|junge|mädchen|kleiner?|jährige[rn]?|schwiegermutter|schwiegervater|chef|mitbewohner|patient)\b|\bsie\b(?= (?:hat|ist|kann|kriegt|bekommt|atmet|spuckt|reagiert))|\ber\b(?= (?:hat|ist|kann|kriegt|bekommt|atmet|spuckt|reagiert))|👶|👵|👴",
    "ar": r"(?:^|\s)(?:و|ف)?(?:امي|ابي|ابوي|ابويا|بابا|ماما|ابني|بنتي|ولدي|طفلي|طفلتي|زوجي|زوجتي|جدي|جدتي|اخي|اخوي|اختي|صديقي|صديقتي|جاري|والدي|والدتي|الطفل|الرضيع|البيبي|مراتي|جوزي|خالتي|عمتي|عمي|خالي|حماتي|ستي|سيدي|تيتا|جدو|ابن|طفل|رضيعي|المولود|زميلي)(?:\s|$|[،,.])|👶|👵|👴",
}


# What brings a time back to the present: "started two months ago", "and now".
_BEGAN = {
    "zh": r"开始|起(?:病|的)|至今|到现在|以来|就(?:一直|有|总|老)|一直|越来越|发现|查出|确诊|诊断|持续|反复|经常|总是|老是|从(?=.{0,6}(?:年|月))",
    "en": r"\bsince\b|\bstarted\b|\bbegan\b|\bbegin\b|\bstart(?:s|ing)\b|\bever since\b|\bfrom\b|\bhas been\b|\bhave been\b|\bhave had\b|\bhas had\b|\bgetting worse\b|\bstill\b|\bnoticed\b|\bfor the (?:last|past)\b|\bappeared\b|\bcame on\b|\bongoing\b|\bdiagnosed\b|\bever since\b|\b(?:hours?|days?|weeks?|months?|years?)'?[- ](?:long )?history\b",
    "de": r"\bseit(?:dem)?\b|\bangefangen\b|\bbegann(?:en)?\b|\bbegonnen\b|\bfing(?:en)?\b|\bimmer noch\b|\bnoch immer\b|\bbemerkt\b|\baufgetreten\b|\bbis heute\b|\bimmer schlimmer\b|\bgehen los\b|\bdiagnostiziert\b|\bfestgestellt\b|\bdiagnose\b",
    "ar": r"\bمنذ\b|\bمن (?=(?:سنه|سنتين|شهر|شهرين|\d|السنه|الشهر))|\bبدا(?:ت|يت)?\b|\bلحد الان\b|\bحتي الان\b|\bللحين\b|\bلسه\b|\bمستمره?\b|\bشخص\w*|\bتشخيص\w*|\bاكتشفت\b|\bصار(?:ت)? (?:لي|له|لها|لنا)\b",
}
_NOW = {
    "zh": r"现在|今天|今早|今晚|刚才|刚刚|这(?:两|几|次|会|周|段)|最近|昨[天晚]|又(?!没)|目前|突然|眼下|还是|还在",
    "en": r"\bnow\b|\btoday\b|\btonight\b|\bthis (?:morning|week|time|afternoon|evening)\b|\bcurrently\b|\bright now\b|\bagain\b|\bstill\b|\byesterday\b|\blast night\b|\brecently\b|\bsuddenly\b|\bthese days\b|\bat the moment\b|\bi (?:can'?t|cannot)\b",
    "de": r"\bjetzt\b|\bheute\b|\bgerade\b|\baktuell\b|\bzurzeit\b|\bwieder\b|\bimmer noch\b|\bseit\b|\bgestern\b|\bneuerdings\b|\bplötzlich\b|\bmomentan\b|\bnun\b|\bdiese woche\b",
    "ar": r"\b(?:و)?الان\b|\b(?:و)?الحين\b|\b(?:و)?اليوم\b|\bهلا\b|\bهلق\b|\bدلوقتي\b|\bامبارح\b|\bالبارح\b|\bمن امس\b|\bفجاه\b|\bرجعت?\b|\bهالايام\b|\bحاليا\b",
}
# "I don't think it is my heart": nobody rules out a red flag by a guess.
_GUESSED = {
    "zh": r"(?:应该|可能|大概|估计|好像|感觉|我想)(?:就|也|都|应该)?$|(?:觉得|认为|感觉|以为)(?:应该)?$",
    "en": r"\b(?:probably|maybe|perhaps|possibly|hopefully|hope|guess|likely|surely) (?:it'?s |it is |that'?s |i have |there'?s |just )*$",
    "de": r"\b(?:wahrscheinlich|vermutlich|vielleicht|hoffentlich|wohl|eher|glaube?|denke|schätze)(?: ich)?,?(?: ich habe| das ist| es ist| es)* ?$",
    "ar": r"\b(?:يمكن|ربما|اعتقد|اظن|اتوقع|ان شاء الله|احتمال)(?: انه| ان)?\s*$",
}
_NOT_THOUGHT = {
    "zh": r"^(?:觉得|认为|感觉)(?:是|像)",
    "en": r"^ (?:think|believe|suppose|imagine|feel like|expect|seem|look like)\b",
    "de": r"^$(?!)",
    "ar": r"^ (?:اظن|اعتقد|اتوقع|احسه?)\b",
}
# Two negations make a yes.
_DOUBLE = {
    "zh": r"(?:不是|并非|不能说|不可能|不会|也不是|没有哪天|没有一天|没有一刻|无时|无日|没哪天|没一天|从来没有|从没)(?:说|就)?(?:不是|没有|没|不|无)$",
    "en": r"\b(?:not|never|isn'?t|can'?t say|cannot say|can'?t deny|cannot deny|not a (?:day|night|minute|moment|meal)|no (?:day|night))\b(?: that| exactly| really| completely| entirely| quite| goes by| passes)*(?: i(?:'m| am| do| have)?)? (?:without|no|not|don'?t|free of|deny|denying)$|\b(?:doesn'?t|does not|don'?t|do not) (?:deny|rule out|go away without)$",
    "de": r"\bkeine?[nrms]? (?:tag|nacht|stunde|minute|moment)\b[^,.]{0,15} ohne$|\b(?:nicht|nie|keine?[nrms]?(?: tag| nacht| stunde| minute)?)\b(?: ganz| gerade| so| völlig| mehr)?(?:,? dass (?:ich|es))? (?:ohne|keine?[nrms]?|frei von|nicht)$",
    "ar": r"\b(?:ليس|مش|مو|لست|لا انكر|ما في يوم|لا يوم|ما يمر يوم|لا يمر يوم) ?(?:بدون|بلا|من غير|من دون|الا)?$(?<=بدون)|\b(?:يوم|ليله) (?:بدون|من غير|بلا)$",
}
_YES_AFTER = {
    "zh": r"^[:\s]*(?:倒是|是|都|一直)?有(?=$|[，,。；;\s]|的|点|一点)",
    "en": r"^\s*(?:[:\-=?]\s*)?(?:yes|yeah|yep|positive|present)\b",
    "de": r"^\s*(?:[:\-=?]\s*)?(?:ja|jawohl|jep|schon|vorhanden)\b(?! (?:nicht|wieder|besser|weg))",
    "ar": r"^\s*:?\s*(?:نعم|ايوه|ايه|موجوده?)\b",
}
_BARE_NO = {
    "zh": r"^\W*(?:都|也|还|倒|暂时|目前|现在|一直)*(?:没有?|不是?|无|未|否|不\u0001{1,3})(?:的|啊|呢|了|过|呀)?(?=$|[，,。.！!；;\s])",
    "en": r"^\W*(?:no|not|none|nope|never)(?: really| at all)?(?=\s*(?:$|[,.;!]))",
    "de": r"^\W*(?:nein|nicht|nie|nee|keine?[nrs]?)(?=\s*(?:$|[,.;!]))",
    "ar": r"^\W*(?:لا|كلا|مش|مو|مفيش|ابدا)(?=\s*(?:$|[،,.;!]))",
}
# Directly behind a negated symptom: it was there, a little while ago.
_NO_LONGER_AFTER = {
    "zh": r"^[^，,。！!？?；;\u0001]{0,2}了(?!吗|没)",
    "en": r"^[^,.;!?\u0001]{0,25}\b(?:any ?more|any longer|now)\b",
    "de": r"^[^,.;!?\u0001]{0,25}\bmehr\b",
    "ar": r"^[^،,.;!?\u0001]{0,20}\b(?:خلاص|الحين|بعد كذا)\b",
}
_NO_LONGER_BEFORE = {
    "zh": r"不再|没再",
    "en": r"\bno longer\b",
    "de": r"\b(?:nicht|keine?[nrms]?) mehr\b",
    "ar": r"\bما عاد\b|\bلم يعد\b|\bما بقي\b",
}
# "when I had no diarrhoea yet": says nothing of today.
_AT_THAT_TIME = {
    "zh": r"^[^，,。\u0001]{0,3}(?:之前|以前|的时候|那时|那会儿?|前)",
    "en": r"^[^,.\u0001]{0,15}\b(?:until|till|before) (?:now|today|tonight|yesterday|this|last)\b",
    "de": r"^[^,.\u0001]{0,15}\bbis (?:heute|gestern|jetzt|vorhin|eben)\b",
    "ar": r"^[^،,.\u0001]{0,15}\b(?:الا|حتي|لين|لحد) (?:اليوم|الان|امس|الحين|امبارح)\b",
}
# Directly before a symptom: it was there and no longer is.
_STOPPED = {
    "zh": r"(?:停止|不再|治好了?|摆脱)了?$",
    "en": r"(?<!not )(?<!n't )(?<!never )\bstopped\s$|\b(?:recovered from|got over|got rid of|cured of)(?: (?:my|the|a|his|her))?\s$",
    "de": r"\b(?:aufgehört zu|genesen von|geheilt von|überstanden:?)\s$",
    "ar": r"\b(?:وقف عن|توقف عن|شفيت من|تعافيت من|تعافي من)\s$",
}
# What was long ago and is there again.
_RETURNED = {
    "zh": r"又(?:犯|来|开始|有|痛|疼|发|出现|复发)|复发",
    "en": r"(?<!never )(?<!not )(?<!n't )\b(?:are|is|came|come|it'?s|they'?re) back\b(?! to normal)|\breturned\b",
    "de": r"\bwieder (?:da|los|angefangen)\b|\bkomm(?:t|en) wieder\b|\bwiedergekommen\b",
    "ar": r"(?<!ما )(?<!لم )\b[وف]?رجع(?:ت|وا)?\b(?! طبيعي)",
}
# "not X but Y", "sorry, I meant Y": what was said before was not meant.
_CORRECTION = {
    "zh": r"(?:说|打|写|弄|搞|选|点)错了?|我指的是|更正|纠正一下|应该说是|(?:^|[，,。 ])(?:不对|不是的?|错了?)[，,。 ]+(?:应该)?是",
    "en": r"\b(?:i|we) (?:actually |really )?meant\b|\bmeant to (?:say|write|type)\b|\bcorrection\b|\bi (?:mistyped|misspoke)\b|\bi (?:wrote|said|typed|got) that wrong\b|\bmy mistake\b|\btypo\b|\bactually,? (?:it'?s|it is)\b|^\s*(?:no|sorry),? (?:it'?s|it is)\b|\bscratch that\b",
    "de": r"\bmeinte\b|\b(?:gemeint (?:war|waren|ist|sind)|wollte (?:sagen|schreiben))\b|\bkorrektur\b|\b(?:vertippt|verschrieben|versprochen|vertan|geirrt)\b|\bquatsch\b|^\s*(?:nein|sorry|entschuldigung),? (?:es|das) (?:ist|sind)\b|\bfalsch geschrieben\b",
    "ar": r"\b(?:كان )?قصدي\b|\bاقصد\b|\bغلطت\b|\bاخطات\b|\bتصحيح\b|^\s*لا[،,]? (?:هو|هي)\b|\bكتبت غلط\b|\bبالاصح\b",
}


# Where a relative's illness ends and one's own begins: "my father died of a stroke and I have a cough".
_BACK_TO_SELF = {
    "zh": r"我(?!爸|妈|爷|奶|外|姥|哥|姐|弟|妹|家|叔|舅|阿|父|母|伯|姑|姨|们家)",
    "en": r"\bi\b|\bi'm\b|\bi've\b|\bmy own\b",
    "de": r"\bich\b|\bmir\b|\bselbst\b",
    "ar": r"\b[وف]?انا\b|\bعندي\b",
}
# What is told of a film, a book or a game, by somebody who says nothing of themselves.
_FICTION = {
    "zh": r"(?:电影|小说|游戏|电视剧|剧|书|动漫|故事|新闻)(?:里|中|上)",
    "en": r"\bin (?:the|a|this|that) (?:film|movie|novel|game|book|series|show|story|episode|play|news)\b|\b(?:character|protagonist|actor)\b",
    "de": r"\b(?:im|in dem|in einem) (?:film|roman|spiel|buch|krimi|theaterstück)\b|\bin der (?:serie|geschichte|folge|zeitung)\b|\bhauptfigur\b",
    "ar": r"\bفي (?:الفيلم|فيلم|المسلسل|مسلسل|الروايه|روايه|اللعبه|لعبه|القصه|الكتاب)\b|\b(?:بطل|بطله) (?:الفيلم|المسلسل|الروايه)\b",
}

# Words of teaching, preventing, examining, staging and writing: what stands beside them is spoken of and not had.
_MENTION = {
    "zh": r"案例|病例(?!本)|护理查房|实习护|揭牌|交报告|诊断书范例|电脑中毒|梗啦|绿萝|多肉植物|盆栽|开玩笑|义工|值班热线|图书|借.{0,6}书|写医|开幕|科室在哪|中心怎么走|适合乘机|宠物|我家(?:猫|狗|法斗)|他家狗|守门人|守護|兽医|獸醫|寶可夢|预防|防治|防范|宣传|科普|讲座|展板|海报|折页|手册|口诀|征兆|前兆|早期信号|典型症状|发作的?症状|考试题|考题|护理考|题库|论文|毕业设计|课题|课件|讲课|培训|演练|演习|急救课|模拟|扮演|演的|演戏|话剧|剧本|写剧|医疗剧|小说|拍电影|剧组|角色|采访|记者|量表|问卷|研究|展览|志愿者|公益|单词|翻译|词典|题目|随访门诊|复查一切|后半年|后一年|康复得|恢复得|筛查|疫苗后",
    "en": r"\bhairball\b|\bin english\b|\bsubtitles?\b|\bscreenwriter\b|\bin the panto\b|\bjust kidding\b|\bhelpline\b|\b(?:public )?talk (?:on|about|for)\b|\bworld \w+(?: \w+)? day\b|\blibrarian\b|\bbooks on\b|\bprotection order\b|\bopening ceremony\b|\b(?:stroke|chest pain|cardiac|trauma) (?:unit|ward|clinic|centre|center)\b|\brisk (?:check|assessment)\b|\bgeneral question\b|\bfit[- ]to[- ]fly\b|\bmemes?\b|\bprevent(?:ion|ing|s)?\b|\bawareness\b|\bposters?\b|\bleaflets?\b|\bflyers?\b|\bbrochures?\b|\bpamphlets?\b|\bslides\b|\bquiz\b|\bthesis\b|\bdissertation\b|\bessay\b|\bresearch(?:er|ing)?\b|\bstudy on\b|\bsurvey\b|\bquestionnaire\b|\bjournalist\b|\bfirst aid (?:course|class|kit|training)\b|\b(?:cpr|rescue|safety) (?:course|class|training|drill)\b|\btraining (?:course|day|session)\b|\bdrill\b|\brole ?play\w*|\bacting\b|\bi play (?:a|the)\b|\bscript\b|\bscreenplay\b|\bnovel\b|\bwriting (?:a|my) (?:book|story|novel|play|script)\b|\bdocumentary\b|\bpodcast\b|\bexhibit\w*|\bsigns of (?:a |an )?|\bsymptoms of (?:a |an )?|\bwarning signs\b|\bscreening\b|\bfollow[- ]?up clinic\b|\bsupport group\b|\bfundrais\w*|\bnursing (?:school|student|exam)\b|\bmock\b|\bdummy\b|\btranslat\w*",
    "de": r"\bspaß(?=[.,!)])|\bauf englisch\b|\buntertitel\b|\bder hamster\b|\bzimmerpflanze\w*|\bgalgenhumor\b|\bscherz\b|\bstroke[- ]unit\b|\bchest[- ]pain[- ]unit\b|\bschlaganfall(?:station|einheit|zentrum)\b|\bbibliothek\w*|\behrenamt\w*|\bfilm über\b|\bim spiel\b|\btierarzt\b|\bflugtauglich\w*|\ballgemeine frage\b|\bvorbeug\w*|\bprävention\w*|\w*prävention\b|\baufklärung\w*|\bplakat\w*|\bflyer\b|\bbroschüre\w*|\bmerkblatt\b|\breferat\b|\bexamen\b|\bquiz\b|\bmasterarbeit\b|\bbachelorarbeit\b|\bdoktorarbeit\b|\bforsch\w+|\bstudie\b|\bumfrage\b|\bfragebogen\b|\bjournalist\w*|\berste[- ]hilfe[- ]?\w*|\bschulung\w*|\bspiele (?:ein|eine|einen|den|die)\b|\brolle\b|\bdrehbuch\b|\broman\b|\bkrimi\b|\bdoku\b|\bpodcast\b|\bausstellung\b|\banzeichen\b|\bsymptome (?:von|bei|eines|einer)\b|\bwarnzeichen\b|\bvorsorge\w*|\bscreening\b|\bnachsorge\w*|\bselbsthilfegruppe\b|\büberset\w+|\bpflegeschule\b",
    "ar": r"اترجم|بالانجليزي|طالب[ه]? تمريض|حالات منشوره|مكتوب باللوحه|امزح|نكته|كتاب عن|امينه مكتبه|وحده (?:الجلطات|السكته|الم الصدر)|افتتاح|بشكل عام|(?:ال)?وقايه|توعيه|(?:ال)?ملصق\w*|كتيب|محاضره|عرض تقديمي|رساله ماجستير|بحث|دراسه|استبيان|صحفي\w*|دوره (?:اسعاف|تدريب)\w*|اسعافات|تمرين اخلاء|تمثيل|امثل|مسرحيه|سيناريو|روايه|مسلسل|فيلم|وثائقي|معرض|علامات|اعراض (?:ال|الجلطه|السكته|النوبه)|فحص مبكر|عياده متابعه|مجموعه دعم|ترجمه|كليه التمريض",
}
# Said in passing, or of a thing: a laugh, a game, a phone, an exam. It quiets what stands beside it only where the message goes on
# to an errand: who laughs at a crushing chest, or has it during an exam, means the chest.
_ASIDE = {
    "zh": r"哈哈|笑翻|全班笑|全场笑|男神|女神|笑疯|😂|🤣|hhh|手机|电脑|股票|彩票|刮刮乐|游戏|蓝屏|劇|作业|功课|上课|博物馆|数据|模型|主题|知识|标语|统计",
    "en": r"\b(?:ha){2,}\b|\bl(?:o)+l\b|\blmao\b|😂|🤣|\bphotograph\w*|\bvolunteer\w*\b|\btrainer\b|\bdrama\b|\bpaintball\b|\bhalloween\b|\blottery\b|\bscratch card\b|\be-?bike\b|\bcomputer\b|\blaptop\b|\bmy (?:cat|dog|car|phone|plant|hamster)\b|\bour (?:cat|dog|hamster|parrot)\b|\bpresentation\b|\bhomework\b|\bexams?\b|\bassignment\b|\binterview(?:ing)?\b|\bmuseum\b|\bcharity\b|\bworkshop\b|\blecture\b|\bcoursework\b",
    "de": r"\bhaha\w*|\bvor lachen\b|\bhihi\b|\blol\b|😂|🤣|\bfotografier\w*|\bmonatsabschluss\b|\bjahresabschluss\b|\bsteuererklärung\b|\binventur\b|\bfeierabendbier\b|\w*serie\b|\w*übung\b|\bhalloween\b|\blotto\w*|\brubbellos\b|\bmein(?:e|en)? (?:hund|katze|auto|handy|laptop|hamster)\b|\bunser(?:e)? (?:mops|hund|katze|kater)\b|\bvortrag\b|\bhausaufgabe\w*|\bprüfung\w*|\binterview\w*|\w*kurs\b|\bübung\b|\bmuseum\b|\bverein\b|\bunterricht\b|\bspenden\w*|\btheater\w*",
    "ar": r"ه{3,}|\bجرد\b|😂|🤣|قطتي|كلبي|جوالي|لابتوب|سيارتي|يانصيب|لعبه|واجب|امتحان|اختبار|مقابله|متحف|متطوع|تطوع|متطوع\w*|تدريب|ورشه|نشره",
}
_ERRAND = {
    "zh": r"挂号费|多少钱|价格|收费|费用|报销|发票|收据|预约|约(?:下|一下|个|她|他|四维|子宫)|想约|体检|健检|复查|停车|充电|菜单|食堂|餐厅|分期|报告|证明|假条|盖章|疫苗|wifi|筛查|开放|营业|几点|在哪|哪里|去哪(?:儿|里)?(?:做|办|拿|打|开)|窗口|怎么填|怎么走|宣传|卫教|讲座|体验|手册|资料|卸妆|面膜|眼镜|激光|雷射|拍照|摄影|表情|贴图|挂什么科|看哪科|哪科|改(?:周|礼拜|期)|约个|想打|含片|纪念|送花|锦旗|志工|义工|借|评估|测验|申请",
    "en": r"\bcosts?\b|\bprices?\b|\bhow much\b|\breceipts?\b|\binvoice\b|\bbill\b|\bbook(?:ing|ed)?\b|\bappointments?\b|\bslots?\b|\bparking\b|\bpay\b|\bcheck-?ups?\b|\bhealth checks?\b|\bscreening\b|\bresults?\b|\bcertificate\b|\bnotes?\b|\bexemption\b|\bcaf[eé]\b|\bcanteen\b|\bmenu\b|\bwi-?fi\b|\blost property\b|\bopen(?:ing)?\b|\bhours\b|\bvaccin\w*|\bjabs?\b|\bdiscount\b|\bforms?\b|\bleaflets?\b|\btours?\b|\bwhich (?:clinic|floor|department|dept|desk)\b|\bwhere(?:'s| is| are| do| can)\b|\bwhen(?:'s| is)\b|\bhire\b|\bcharging points?\b|\blaser\b|\bhearing test\b|\bprescription\b|\bdermatologist\b|\bcompulsory\b|\bmasks?\b|\bschedule\w*|\broutine\b|\btalks?\b|\bdentist\b|\bmove (?:my|our|the|it)\b|\brebook\b|\bemoji\b|\bstickers\b|\btreat animals\b",
    "de": r"\bkoste\w*|\bpreise?\b|\bwie teuer\b|\brechnung\w*|\bquittung\b|\btermin\w*|\bpark\w*|\bbezahl\w*|\braten\b|\bcheck-?up\b|\bvorsorge\w*|\bbefund\w*|\bbescheinig\w*|\battest\b|\bkrankschreib\w*|\bspeise\w*|\bkantine\b|\bcaf[eé]\w*|\bwlan\b|\bfundbüro\b|\böffnung\w*|\bgeöffnet\b|\bimpf\w*|\bformular\w*|\bflyer\b|\bmerkblatt\b|\bführung\b|\bwelche[rs]? (?:stock|abteilung|station|schalter)\b|\bhautarzt\b|\bzahnarzt\b|\bultraschall\b|\bverschieben\b|\bhörtest\b|\bpflicht\b|\bberater\b|\bbuchen\b|\bstunden\b|\bschalter\b|\bvorträge?\b|\bekg\b|\btierarzt\b|\bnachdruck\w*|\bladesäule\w*|\brezept\b",
    "ar": r"سعر|بكم|كم (?:يكلف|تكلف|سعر|رسوم)|فاتوره|ايصال|موعد|حجز|احجز|مواقف|ادفع|تقسيط|فحص|نتيجه|تقرير|شهاده|اجازه|كافيتريا|كافيه|قائمه|واي فاي|مفقودات|دوام|مفتوح|تطعيم|نموذج|منشور|كتيب|ملصق|جوله|اي (?:عياده|دور|قسم)|وين|فين|متي|عند مين|ليزر|وصفه|محاضر\w*|ايموجي|بيطري",
}
# …unless it is told of somebody's body, or of now.
_TOLD = {
    "zh": r"我(?:的)?(?:头|胸|心口|心脏|肚|眼|手|脚|腿|脖|腰|喉|嗓|背|脸|嘴)|我(?:突然|现在|刚|开始|一直|忽然)|(?:他|她|爸|妈|爷爷|奶奶|老公|老婆|孩子|宝宝)(?:突然|现在|刚才?|忽然|已经)|现在(?!来|想|要|好)|正在(?:疼|痛|流|抽|喘)|今天(?:突然|早上)|怎么办|快来|救命|最后一次|突然|忽然",
    "en": r"\bmy (?:chest|head|heart|stomach|belly|arm|leg|face|eye|throat|back|neck|speech|vision)\b|\bi(?:'m| am| have| feel| can'?t| cannot| keep| just| started)\b(?! (?:doing|writing|learning|looking|preparing|studying|a |an |to |the |on |holding|giving|organi[sz]ing|running|taking))|\b(?:he|she)(?:'s| is| has| can'?t| cannot| just| suddenly| started| won'?t)\b|\bright now\b|\bsuddenly\b|\bjust now\b|\bwhat (?:do|should) i do\b|\bhelp me\b|\bone last time\b|\bfor the last time\b",
    "de": r"\b(?:mein|meine|meiner|meinem|meinen) (?:brust|kopf|herz|bauch|arm|bein|gesicht|auge|hals|rücken)\b|\bich (?:hab|habe|kann nicht|krieg|kriege|fühle|spüre|blute|zittere|bekomme keine)\b(?! (?:eine? (?:prüfung|frage|referat|vortrag)|morgen|gehört|gelesen|gelernt))|\b(?:er|sie) (?:ist|hat|kann|reagiert|atmet|blutet|krampft|bekommt keine|kriegt keine|wird|liegt|röchelt|keucht|schwitzt|zuckt|zittert)\b|\b(?:und|,) hab(?:e)? (?:\w+ )?(?:\w*schmerzen|atemnot|\w*druck|herzrasen)\b|\bplötzlich\b|\bgerade eben\b|\bjetzt\b|\bwas soll ich tun\b|\bhilfe!|\bzum letzten mal\b|\bein letztes mal\b",
    "ar": r"(?:صدري|راسي|قلبي|بطني|ذراعي|رجلي|وجهي|عيني|حلقي|ظهري|رقبتي)\b|فجاه|الحين(?! (?:زين|تمام))|دلوقتي|هلق|ما (?:اقدر|يقدر|تقدر|يتنفس|يرد)|مش قادر|ساعدوني|وش اسوي|اعمل ايه|شو اعمل",
}

# A play, a film, a game, a price, a needle, a race up the stairs: what stands within such a saying is no complaint.
_STAGED = {
    "zh": r"坐[^，。,]{0,10}(?:屁股|腿|脚)[都也]?麻|(?:吃|舔)(?:冰棍|冰棒|雪糕|冰)[^，。,]{0,4}嘴唇?都?[蓝紫黑]|(?:鼻涕|口水)[^，。,]{0,4}(?:淹死|淹)|被(?:表格|作业|文件|工作|邮件|账单|论文)(?:淹|压|埋|弄)死?|(?:快|要)被(?:表格|作业|文件|工作|邮件|账单|论文)(?:淹死|压死|埋了)|(?:电影|小说|游戏|电视剧|连续剧|剧|片|动漫)(?:里|中)(?!.{0,3}(?:我|时|突然))[^。！？]*|看(?:电视剧?|连续剧|剧|电影)(?:里|中)?(?:有人|主角|男主|女主)[^。！？]*|(?:演|扮)(?!唱|讲|习|练|出|员|技|奏)[^。！？,，]{0,12}(?:老头|老太|病人|僵尸|坏人|角色|傻子)[^。！？]*|排(?:小品|话剧|节目)[^。！？]*|笑[得到]?我?(?:嘴都?歪|脸抽筋|脸都?僵|岔气)|(?:看牙|拔牙|补牙|洗牙|牙医|牙科)[^。！？]{0,8}麻[药醉][^。！？]{0,12}|问我?有没有[^。！？]{1,16}说?(?:都说?)?没有|玩[^。！？,，]{0,12}的?游戏[,，](?![^。！？]*(?:我|突然|忽然|现在))[^。！？]*|(?:爬|楼梯|[几三四五六七八九十]楼)[^。！？]{0,8}喘(?:一下|了一下|[一两几]口气|了[一两几]口气)|第二天[^。！？,，]{0,4}(?:胳膊|手臂|腿|手)[^。！？,，]{0,4}酸得?[^。！？,，]{0,5}|(?:打|接种)[^。！？]{0,10}(?:疫苗|流感|针)[^。！？]{0,6}没(?:有|啥|什么)?反应|(?:价|价钱|价格|价目表?|账单|物价|房价|改稿|甲方)[^。！？]{0,12}吐血(?![^。！？]{0,8}[鲜红口块暗])|(?:中风|卒中|心梗|心脏病)(?:的)?(?:风险|高危)?(?:的)?(?:健检|体检|评估|筛检|筛查)|(?:绿萝|多肉|盆栽|兰花|仙人掌|植物|花|草)[^。！？]{0,10}不行了|(?:听|看|讲|上课|网课|会)[得到]?我?(?:都)?(?:昏迷|休克|窒息)",
    "en": r"\b(?:boxing|kickboxing|karate|judo|personal) (?:coach|trainer|instructor) (?:\w+ )?beat me up\b|\bate (?:a|the) whole (?:pack|packet|bag|box|jar) of (?:beetroots?|biscuits|cookies|crisps|chips|chocolates?|carrots|figs|cherries|blueberries)\b|\b(?:numb|dead) (?:bum|bottom|backside|arse|butt) from (?:sitting|waiting)\b|\bblue (?:lips|tongue|mouth) from (?:the |an? )?(?:ice|lolly|lollies|slush\w*|popsicle|sweets?|blueberr\w*|ink)\w*|\bdrowning in (?:snot|mucus|work|mail)\b|\bbot (?:said|says|told me) (?:im|i'm|i am) (?:going to die|dying)\b|\b(?:drowning|buried|suffocating|choking|swamped) (?:in|under|on) (?:\w+ )?(?:paperwork|paper|work|emails?|forms?|homework|laundry|bills|deadlines|debts?|bureaucracy|admin|meetings)\b|\bpass(?:ed|es|ing)? out (?:\w+ ){0,2}(?:certificates?|leaflets?|flyers?|copies|sweets|candy|forms?|food|cards?|papers|handouts|water|drinks|cake|samples)\b|\b(?:watch\w*|saw|seen) (?:a|an|the|this|that|some) (?:\w+ )?(?:film|movie|series|show|drama|episode|documentary|programme|program)\b(?![^.?!]{0,60}\b(?:i|my|me|now)\b)[^.?!]*|\bin (?:the|a|this|that) (?:film|movie|novel|game|book|series|episode|panto|play|story)\b(?![^.?!]{0,25}\b(?:i|my|we|our)\b)[^.?!]*|\b(?:watch\w*|see\w*|whenever) \w+ on (?:tv|telly)\b[^.?!]*|\b(?:i|he|she|we|they|my \w+)(?: plays?| am playing| is playing| are playing|\'m playing|\'s playing) (?:a|an|the)\b(?![^.?!]*\bsuddenly\b)[^.?!]*\b(?:panto\w*|musical|theatre|theater|sketch|school play|nativity|show)\b[^.?!]*|\bplaying (?:a|an|this|the) [\w ]{0,25}\b(?:sim|game|simulator)\b[^.?!]*|\b(?:half|part|side)\b[^.,?!]{0,25}numb from the (?:injection|jab|needle|an[a]?esthetic|dentist)|\basked (?:me )?(?:if|whether|about)\b[^.?!]{0,60}\bsaid no\b|\b(?:stairs|floor|hill|flights)\b[^.?!]{0,20}\b(?:puffed|panted|out of breath) (?:for )?a (?:minute|bit|moment|sec\w*)\b|\b(?:quid|pounds|prices?|dollars|bucks|bill|euros)\b[^.?!]{0,50}\b(?:nearly|almost) (?:(?:coughed|spat|threw) up blood|(?:had|gave me) a heart attack)\b|\bso (?:angry|mad|furious|cross) (?:at|with|about) the (?:airline|shop|bank|company|landlord|train|bus|phone|seller|council)\b[^.?!]{0,20}\b(?:can barely|can hardly|can'?t) breathe\b|[^.?!,]*\bbefore (?:his|her|their) (?:jab|shot|vaccin\w+|needle|haircut)\b[^.?!,]*|\b(?:need|want|get me|give me) (?:chocolate|coffee|sugar|cake|food|pizza)\b[^.?!]{0,20}\bor i'?ll (?:collapse|faint|die|pass out)\b|\b(?:stroke|heart attack|cancer) risk (?:check|assessment|test)\w*",
    "de": r"\bblaue (?:lippen|zunge|mund) (?:vom|von) (?:eis|blaubeer\w*|slush\w*|bonbon\w*|tinte)\b|\b(?:ersaufe|ertrinke|versinke|ersticke) (?:\w+ ){0,2}(?:in|im) (?:rotz|schnodder|schleim)\b|\bbot (?:\w+ ){0,2}(?:ich sterbe|dass ich sterbe)\b|\b(?:ersticke|ersaufe|ertrinke|versinke|untergehe|ersticken|versinken) (?:\w+ ){0,2}(?:in|im|unter) (?:\w+ )?(?:papierkram|papier|arbeit|akten|mails|e-mails|formularen?|wäsche|terminen|bürokratie|rechnungen|schulden|hausaufgaben)\b|\bim (?:tatort|fernsehen|tv|kino|krimi|film)\b(?![^.?!]{0,60}\b(?:ich|mir|mein\w*|jetzt)\b)[^.?!,]*|\b(?:im|in dem|in einem) (?:film|roman|spiel|buch|krimi|computerspiel|videospiel|game)\b(?![^.?!]{0,25}\b(?:mir|mein\w*|wir)\b)[^.?!,]*|\bim fernsehen (?:jemand|einer)\b[^.?!]*|\b(?:ich|er|sie|wir|mein \w+|meine \w+) spiel(?:e|t|en)?\b(?![^.?!]*\bplötzlich\b)[^.?!]{0,25}\b(?:schwank|theater\w*|schultheater|stück|musical|krippenspiel|sketch|laientheater)\b[^.?!]*|\b(?:die |den |eine |einen )?(?:ohnmacht|herzinfarkt|schlaganfall|toten?) (?:nur )?gespielt\b|\btaub von der (?:spritze|betäubung)\b|\b(?:schmei(?:ß|ss)e?|werfe?|pfeffere?) (?:ich )?(?:das|mein|den|dieses) (?:handy|laptop|computer|drucker|telefon|fernseher|wecker)[^.?!,]*|[^.?!,]*\bvor dem (?:piks\w*|pieks\w*|impfen|friseur)\b[^.?!,]*|\bfast (?:aus dem fenster|vom balkon) (?:gestürzt|gesprungen) vor (?:wut|lachen|freude|langeweile)\b|\b(?:im|in den|in die) (?:finger|daumen) geritzt\b|\babschiedsbrief (?:meine[rs]|von meine[rm]) (?:\w+ )?\w+, (?:sie|er) (?:starb|ist)\b|\bschlaganfall-?(?:screening|risiko\w*|check)",
    "ar": r"\bغص\w* (?:و(?:هو|هي) )?(?:بي?قرا|تقرا|بالبكا|بدموع|من الفرح|من التاثر)\w*|شفايف\w* زرقا?ء? من (?:ال)?(?:ايس كريم|ثلج|بوظه|حلاوه|مصاصه)|غرقان\w* ب(?:ال)?(?:مخاط|رشح|زكام)|\b(?:غرقان|غرقانه|غارق|غارقه|بغرق|مخنوق|مخنوقه) ب?(?:ال)?(?:شغل|اوراق|ورق|ايميلات|معاملات|ديون|واجبات|امتحانات)\w*|\b(?:ظهري|ضهري|جسمي|رجلي|راسي) (?:مكسور|متكسر|مكسر|انكسر|اتكسر) من (?:ال)?(?:نقل|شغل|تعب|تنظيف|عزال|نوم|قعده|وقفه|مشوار|سفر)\w*|\b(?:امثل|نمثل|العب دور|بمسرحيه|في مسرحيه|بالمسرحيه)\b(?![^.?!؟]*فجاه)[^.?!؟]*|\b(?:بالمسلسل|في المسلسل|بالفيلم|في الفيلم|باللعبه)\b(?!.{0,12}(?:انا|حسيت))[^.?!؟]*|(?:اكتب|نكتب) (?:مسلسل|فيلم|قصه|روايه)\w*[^.?!؟]*|\b(?:راسي|مخي) (?:انفجر|بينفجر|يبي ينفجر) من (?:ال)?(?:جرد|شغل|دوام|حسابات|اجتماعات|ايميلات|دراسه)[^.?!؟,،]*|\b(?:قلبي|صدري) (?:وجعني|يوجعني|عورني|يعورني) على (?:ال)?فلوس\w*|\bانقطع نفسي من (?:القهر|الضحك|النرفزه)|(?:اسعار|سعر|فاتوره)[^.?!؟]{0,30}(?:اسودت الدنيا|جلطتني|جلطني)[^.?!؟]{0,8}|\b(?:طلعت|طلع) (?:سليمه|سليم|نظيفه|نظيف|طبيعيه|طبيعي)\b|(?:ندرب|نعلم|ادرب) [^.?!؟]*|انعاش قلبي|\bرساله (?:ال)?وداع اللي كتبت\w* (?:امي|ابوي|جدي|جدتي|ابي)",
}

# Said to the assistant about itself: "you are hopeless", "你是偏执狂". Whole sentences with nobody else and no body in them.
_TO_BOT = {
    "zh": r"^\W*(?:嘿|喂|哼|哎|唉|我觉得|我看|我想)?(?:你|妳|您)(?:真的?|就|才|根本|一定|肯定|简直|果然|大概|可能)*(?:是|像|太|很|该|应该|需要)(?![^。！？]*(?:我|他|她|们|孩子|宝宝|小孩|爸|妈|爷|奶|老公|老婆|疼|痛|血|喘|昏|晕|烧|吐|(?<!精神)(?<!心理)科|挂|吗))[^。！？,，]{0,14}$",
    "en": r"^\W*(?:(?:well|hey|oh|no|yes|ok|okay|but|because|bot|robot|sorry|honestly|i think|i guess|i bet),? )*you(?:'re| are| were|'ve gone| have gone| must be| sound| seem| act| behave| should be| should feel| should see| ought to (?:be|see|feel)| need| belong in)\b(?![^.?!]*\b(?:i|i'm|my|me|we|our|us|he|she|they|him|his|her|their|them|baby|child|son|daughter|someone|somebody|patient|pain\w*|hurts?|chest|breath\w*|bleed\w*|blood|unconscious|dying|ambulance|help|hospital|emergency|doctor)\b)[^.?!,;:]{0,45}$",
    "de": r"^\W*(?:(?:na|hey|ach|ey|nein|ja|also|bot|roboter|ich glaube?|ich finde),? )*(?:du (?:bist|warst|wirkst|klingst|gehörst|solltest|brauchst|musst wohl|hast wohl|leidest wohl)|(?:bist|leidest) du)\b(?![^.?!]*\b(?:ich|mir|mich|mein\w*|er|sie|ihm|ihr|wir|uns|unser\w*|kind|baby|schmerz\w*|blut\w*|atm\w*|luft|brust|notarzt|krankenwagen|hilfe|arzt)\b)[^.?!,;:]{0,45}$",
    "ar": r"^\W*(?:يا \w+ |اصلا |والله )?(?:انت|انتي|انته)\b(?![^.?!؟]*(?:عندي|معي|انا|ابني|بنتي|ولدي|امي|ابوي|زوجي|جوزي|وجع|الم|دم|نفس(?!ي)|حراره|تنفس|اسعاف|دكتور|طبيب(?! نفسي)))[^.?!؟,،]{0,40}$",
}

_ARABIC_WORD = re.compile(r"(^|[|(:])\\b(?=[\u0621-\u064a(])")


def _compile(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(_spelt(pattern) if family == "ar" else pattern) for family, pattern in patterns.items()}


def _spelt(pattern: str) -> str:
    """Return an Arabic pattern in the spelling of `normalise`, with "and" and "so" that are written with the word."""
    return _ARABIC_WORD.sub(r"\1\\b[وف]?", pattern.translate(ARABIC))


negation = _compile(_NEGATION)
not_a_negation = _compile(_NOT_A_NEGATION)
negation_after = _compile(_NEGATION_AFTER)
adversative = _compile(_ADVERSATIVE)
positive = _compile(_POSITIVE)
list_or = _compile(_LIST_OR)
doubt = _compile(_DOUBT)
past = _compile(_PAST)
resolved = _compile(_RESOLVED)
still = _compile(_STILL)
hypothetical = _compile(_HYPOTHETICAL)
about = _compile(_ABOUT)
own = _compile(_OWN)
specific = _compile(_SPECIFIC)
family_history = _compile(_FAMILY_HISTORY)
not_self = _compile(_NOT_SELF)

main_clause = _compile(_MAIN_CLAUSE)
asks = _compile(_ASKS)
general = _compile(_GENERAL)
trivia = _compile(_TRIVIA)
asker = _compile(_ASKER)
began = _compile(_BEGAN)
now = _compile(_NOW)
guessed = _compile(_GUESSED)
not_thought = _compile(_NOT_THOUGHT)
double = _compile(_DOUBLE)
yes_after = _compile(_YES_AFTER)
bare_no = _compile(_BARE_NO)
no_longer_after = _compile(_NO_LONGER_AFTER)
no_longer_before = _compile(_NO_LONGER_BEFORE)
at_that_time = _compile(_AT_THAT_TIME)
stopped = _compile(_STOPPED)
returned = _compile(_RETURNED)
correction = _compile(_CORRECTION)
back_to_self = _compile(_BACK_TO_SELF)
fiction = _compile(_FICTION)
mention = _compile(_MENTION)
aside = _compile(_ASIDE)
errand = _compile(_ERRAND)
told = _compile(_TOLD)
staged = _compile(_STAGED)
to_bot = _compile(_TO_BOT)

SENTENCE_END = re.compile(r"[。！!？?؟；;\n]|(?<!\d)\.(?!\d)|(?<=\d)\.(?=\s|$)")
COMMA = re.compile(r"[，,、،]")


def family(language: Language) -> str:
    """Return the key of these tables for a language."""
    return language[:2]
