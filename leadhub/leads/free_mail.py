"""Mail providers, and the domains of documentation (RFC 2606), which say nothing about an employer.

Read by `normal.company_domain`.
"""

_LIST = """
    126.com 139.com 163.com 189.cn 1und1.de abv.bg aim.com alice.it aliyun.com aol.co.uk aol.com aol.de aol.fr arcor.de
    att.net autograf.pl bellsouth.net bigpond.com bigpond.net.au bk.ru blueyonder.co.uk bluewin.ch bol.com.br
    btinternet.com btopenworld.com caramail.com centrum.cz centurylink.net charter.net chello.nl club-internet.fr
    comcast.net cox.net daum.net dbmail.com duck.com earthlink.net email.com email.cz embarqmail.com eircom.net
    facebook.com fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de frontier.com frontiernet.net
    gawab.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net gmx.us googlemail.com hanmail.net hey.com
    home.nl hotmail.be hotmail.ca hotmail.co.jp hotmail.co.th hotmail.co.uk hotmail.com hotmail.com.ar hotmail.com.au
    hotmail.com.br hotmail.com.mx hotmail.de hotmail.es hotmail.fr hotmail.it hotmail.nl hotmail.se hush.com
    hushmail.com icloud.com ig.com.br iinet.net.au in.com inbox.com inbox.lv inbox.ru interia.pl internode.on.net
    itelefonica.com.br juno.com kakao.com kpnmail.nl laposte.net libero.it list.ru live.be live.ca live.co.uk live.com
    live.com.au live.com.mx live.com.pt live.de live.dk live.fr live.ie live.it live.nl live.no live.se lycos.com
    mac.com mail.bg mail.com mail.ee mail.ru me.com mindspring.com msn.com nate.com naver.com netcourrier.com
    netscape.net neuf.fr ntlworld.com numericable.fr o2.co.uk o2.pl online.de online.no onet.pl op.pl optimum.net
    optonline.net optusnet.com.au orange.fr orange.net outlook.at outlook.be outlook.cl outlook.co.id outlook.co.th
    outlook.com outlook.com.au outlook.com.br outlook.cz outlook.de outlook.dk outlook.es outlook.fr outlook.hu
    outlook.ie outlook.in outlook.it outlook.jp outlook.kr outlook.pt outlook.sa outlook.sg ozemail.com.au
    planet.nl pm.me poczta.onet.pl pobox.com prodigy.net proton.me protonmail.ch protonmail.com qq.com rambler.ru
    rediffmail.com roadrunner.com rocketmail.com rogers.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca
    sina.cn sina.com sky.com skynet.be sohu.com spray.se startmail.com suddenlink.net sympatico.ca t-online.de
    talktalk.net telenet.be telia.com telus.net terra.com.br tin.it tiscali.co.uk tiscali.it tutamail.com tuta.com
    tutanota.com tutanota.de ukr.net uol.com.br verizon.net videotron.ca virgilio.it virgin.net virginmedia.com
    vodafone.it voila.fr wanadoo.fr web.de windowslive.com windstream.net wp.pl xs4all.nl xtra.co.nz ya.ru yahoo.ca
    yahoo.cn yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za
    yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.my
    yahoo.com.ph yahoo.com.sg yahoo.com.tw yahoo.com.vn yahoo.de yahoo.dk yahoo.es yahoo.fr yahoo.gr yahoo.ie
    yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.ro yahoo.se yandex.com yandex.ru yandex.ua yeah.net ymail.com
    zoho.com zohomail.com zonnet.nl
    example.com example.net example.org
"""
FREE_MAIL_DOMAINS = frozenset(_LIST.split())
