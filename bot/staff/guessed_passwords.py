"""Passwords that are guessed first, in the five languages, without the digits and signs that people put behind them."""

from __future__ import annotations

_TEXT = """
    password passwort passwd kennwort parole pass pwd passw parol motdepasse contrasena geheim geheimnis secret secure safe sicher
    qwerty qwertz azerty qwertyui qwertyuiop qwertzui qwertzuiop asdf asdfgh asdfghjk asdfghjkl yxcv yxcvbn yxcvbnm zxcv zxcvbn zxcvbnm
    qazwsx qazwsxedc wsxedc qweasd qweasdzxc qweqwe asdasd zxczxc poiuytrewq lkjhgfdsa mnbvcxz qwer wasd abcd abcde abcdef abcdefg
    abcdefgh abcdefghij abc abcabc aabbcc aaa xxx zzz qqq aaaa xxxx test tester testing testtest tested demo demodemo sample example
    admin administrator admins root toor user username benutzer guest gast login logon letmein openme open access zugang zutritt enter
    welcome willkommen hello hallo hallohallo hi servus moin salam marhaba ahlan salamalaikum salaam ahlanwasahlan
    master super superman superuser superadmin batman spiderman pokemon dragon monkey shadow sunshine princess prinzessin football
    fussball fußball baseball basketball soccer hockey golf tennis hunter killer ninja pirate warrior knight wizard magic mustang ferrari
    porsche mercedes bmw audi ford toyota honda yamaha suzuki harley corvette camaro jaguar tiger lion panda bear wolf eagle falcon
    iloveyou iloveu loveyou love lovely lover loveme ichliebedich liebe liebling schatz schatzi hase mausi maus habibi habibti hayati
    hubb bahebak uhibbuka freedom freiheit peace frieden sommer winter herbst fruehling frühling summer spring autumn january february
    march april may june july august september october november december januar februar maerz märz juni juli oktober dezember monday
    tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
    changeme change changeit default standard temp temporary initial start anfang neu new newpassword neuespasswort mypassword meinpasswort
    trustno trustme whatever nothing nichts something computer internet windows linux android iphone samsung google facebook twitter
    wechat weixin telegram wecom whatsapp instagram youtube amazon microsoft apple oracle mysql postgres redis docker github
    hospital krankenhaus klinik klinikum clinic spital charite nurse nurses nursing pflege pfleger pflegerin krankenschwester schwester
    doctor doktor arzt aerztin ärztin patient patienten medicine medizin health gesundheit station ward emergency notfall notaufnahme
    ambulance ambulanz icu intensiv mustashfa mumarrida tabib doktora yiyuan hushi yisheng bingren huanzhe jizhen menzhen zhuyuan
    daozhen daozhenzhushou peking beijing shanghai guangzhou shenzhen chengdu wuhan taipei taiwan taibei gaoxiong kaohsiung hongkong china
    zhongguo berlin hamburg muenchen münchen koeln köln frankfurt deutschland germany austria oesterreich österreich wien schweiz
    cairo qahira riyadh riyad dubai beirut bairut amman london newyork america england
    woaini woaiwo woaini woaiwojia woaizhongguo aini nihao nihaoma mima wodemima wode mimamima wangyi tencent baidu alibaba taobao qq
    qqqqqq wang zhang liu chen yang zhao huang zhou wu xu sun zhu gao lin he guo luo wangwei zhangwei wangfang liwei lina zhangmin
    xiaoming xiaohong xiaowang baobao baobei laopo laogong mama baba gege jiejie didi meimei
    michael michelle jennifer jessica thomas daniel andrew joshua matthew ashley jordan charlie robert william james john david george
    anna maria sabine stefan andreas markus christian martin peter petra monika susanne claudia julia laura lena lukas felix jonas leon
    ahmed ahmad mohammed muhammad mohamed mahmoud ali omar hassan hussein fatima aisha khadija mariam nour layla yusuf ibrahim abdullah
    bismillah alhamdulillah allah allahuakbar inshallah mashallah subhanallah lailahaillallah
    cheese coffee kaffee chocolate schokolade cookie banana banane orange apfel lemon zitrone pepper pfeffer ginger butter chicken
    flower blume rose rosen butterfly schmetterling rainbow regenbogen star stern stars sterne sky himmel ocean river mountain berg
    liverpool chelsea arsenal barcelona realmadrid bayern dortmund schalke juventus milan
    starwars matrix hobbit gandalf frodo potter harrypotter simpson simpsons minecraft fortnite nintendo playstation xbox
    correcthorsebatterystaple letmeinplease opensesame openthedoor sesameopen thisismypassword iamnurse iamthenurse ichbinkrankenschwester
"""
WORDS = frozenset(_TEXT.split())
