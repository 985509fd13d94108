"""How people ask in seven languages to be left alone, and what stands around it. Called by wishes.

Patterns over words in lower case without accents and apostrophes, one blank between two. A wish is heard only as the
whole text, so each line here says one thing entirely. What may mean something else is left out and goes to a person:
to cancel a subscription or an account (a contract?), to sign off (an event?), to erase data (a right of its own),
`plus de mails` (no more, or more).
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language's words: the wishes, and what may stand around them.

    `greeted` follows a greeting in small letters, `linking` stands so in an address; `talk` says something more.
    """

    wishes: tuple[str, ...]
    greetings: str
    please: str
    thanks: str
    closings: str
    devices: str
    greeted: str
    linking: str
    talk: str


def _any(*parts: str) -> str:
    return f"(?:{'|'.join(parts)})"


_ITEMS = r"(?:(?:e ?)?mails?|mailings?|messages?|newsletters?)"
_LIST = rf"(?:(?:your|this|the|these|any|all) )?(?:(?:(?:e ?)?mail|mailing|distribution) )?(?:lists?|database|{_ITEMS})"
ENGLISH = Language(
    wishes=(
        rf"unsubscribe(?: me)?(?: from {_LIST})?",
        r"stop(?: (?:now|it|this))?",
        r"stop (?:(?:e ?)?mailing|contacting|messaging|spamming|writing(?: to)?)(?: (?:me|us))?",
        rf"stop (?:sending )?(?:me )?(?:(?:all|any|these|the|your) )?(?:more )?{_ITEMS}",
        rf"remove(?: (?:me|us|my (?:e ?)?mail(?: address)?))?(?: from {_LIST})?",
        rf"take (?:me|us) off(?: {_LIST})?",
        rf"opt(?: me)? out(?: of {_LIST})?",
        r"(?:do not|dont) (?:contact|(?:e ?)?mail|message|write(?: to)?) (?:me|us)(?: (?:again|any ?more))?",
        rf"no more {_ITEMS}",
        r"leave me alone",
    ),
    greetings=r"hi|hello|hey|dear|good (?:morning|afternoon|evening|day)",
    please=r"please|pls|kindly",
    thanks=r"thanks|thank you|thx",
    closings=r"(?:many )?thanks(?: again| in advance| so much)?|thank you(?: very much| in advance)?|thx|cheers"
    r"|(?:(?:best|kind|warm|with best|with kind) )?regards|best(?: wishes)?|yours(?: sincerely| truly| faithfully)?"
    r"|sincerely(?: yours)?",
    devices=r"sent (?:from|via|with) |get outlook for ",
    greeted="there all team everyone everybody folks sir or madam",
    linking="and of the for at in m t e tel phone mobile",
    talk="i im ill id we you your me my this that he she they but if when instead please ps call ring need want "
    "would could can will do did not dont have has is are was just also still only about",
)

_DE_MAILS = r"(?:(?:e ?)?mails?|newsletter|nachrichten|werbung|werbe ?mails?)"
_DE_LIST = (
    r"(?:(?:aus|von|vom|fur|fuer)(?: (?:dem|der|den|diesem|dieser|ihrem|ihrer|ihren|eurem|eurer|allen))? "
    rf"(?:{_DE_MAILS}|newslettern|verteiler|verteilerliste|(?:e ?)?mail ?verteiler|mailing ?liste|mailing ?list|liste))"
)
GERMAN = Language(
    wishes=(
        rf"(?:(?:mich|uns) )?(?:bitte )?(?:{_DE_LIST} )?(?:abmelden|austragen)",
        rf"(?:mich|uns) (?:bitte )?{_DE_LIST} (?:entfernen|loeschen|loschen|streichen|nehmen)",
        rf"(?:meine )?(?:(?:e ?)?mail ?)?adresse (?:bitte )?{_DE_LIST} (?:entfernen|loeschen|loschen|streichen|nehmen)",
        rf"(?:melden? sie|melde|meldet) (?:mich|uns) (?:bitte )?(?:{_DE_LIST} )?ab",
        rf"(?:tragen sie|trage?|tragt) (?:mich|uns) (?:bitte )?(?:{_DE_LIST} )?aus",
        rf"(?:nehmen|entfernen|streichen|loschen|loeschen) sie (?:mich|uns) (?:bitte )?{_DE_LIST}",
        rf"(?:nehmt|nimm|entfernt|streicht|loscht) (?:mich|uns) (?:bitte )?{_DE_LIST}",
        r"(?:den |diesen |ihren |euren )?newsletter (?:bitte )?(?:abbestellen|abmelden)",
        rf"(?:bitte )?keine (?:weiteren )?{_DE_MAILS}(?: mehr)?(?: (?:senden|schicken|zusenden))?",
        rf"(?:senden|schicken) sie (?:mir|uns) (?:bitte )?keine (?:weiteren )?{_DE_MAILS}(?: mehr)?",
        rf"(?:schickt|schick|sendet) (?:mir|uns) (?:bitte )?keine (?:weiteren )?{_DE_MAILS}(?: mehr)?",
        rf"ich (?:mochte|moechte|will|wunsche) keine (?:weiteren )?{_DE_MAILS}(?: mehr)?(?: (?:erhalten|bekommen))?",
        rf"(?:hiermit )?(?:ich )?(?:mochte|moechte) (?:ich )?mich {_DE_LIST} (?:abmelden|austragen)",
        r"(?:mich )?(?:bitte )?nicht mehr (?:kontaktieren|anschreiben)",
        r"(?:kontaktieren sie mich|schreiben sie mir|schreibt mir|kontaktiert mich) (?:bitte )?nicht mehr",
        r"(?:lassen sie|lasst|lass) (?:mich|uns) (?:bitte )?in ruhe",
        r"stopp",
    ),
    greetings=r"hallo|guten (?:tag|morgen|abend)|moin(?: moin)?|servus|gruss gott|gruezi|liebe[rs]?|sehr geehrte[rs]?",
    please=r"bitte",
    thanks=r"danke(?: schon| schoen)?|vielen dank|besten dank",
    closings=r"(?:(?:viele|liebe|beste|schone|freundliche|herzliche) )?gr(?:u|ue)ss(?:e|en)?|mfg|lg|vg|danke(?: schon)?"
    r"|mit (?:freundlichen|freundlichem|besten|herzlichen) gr(?:u|ue)ss(?:en)?|(?:vielen|besten|herzlichen) dank",
    devices=r"gesendet (?:von|mit|uber) |von mein(?:em|er) [\w ]{2,30} gesendet",
    greeted="zusammen und damen herren",
    linking="und von der fur am im",
    talk="ich wir sie ihr euch mir mich uns bitte aber wenn statt ruf rufe rufen ruft anruf ruckruf brauche "
    "brauchen will mochte kann konnen nicht habe haben ist sind war auch noch nur interesse",
)

_FR_MAILS = r"(?:(?:e ?)?mails?|courriels?|messages?|newsletters?|publicites?|sollicitations?)"
_FR_LIST = (
    r"(?:de |des )?(?:(?:la|cette|votre|vos|toutes vos|ces) )?(?:listes?(?: de diffusion| denvoi| de mailing)?"
    rf"|mailing ?list|lettre dinformation|{_FR_MAILS})"
)
_FR_ME = r"(?:desabonner|desinscrire|retirer|supprimer|enlever|rayer)"
FRENCH = Language(
    wishes=(
        rf"(?:(?:veuillez|merci de|priere de) )?me (?:desabonner|desinscrire)(?: {_FR_LIST})?",
        rf"(?:(?:veuillez|merci de|priere de) )?me {_FR_ME} {_FR_LIST}",
        r"(?:se )?(?:desabonner|desinscrire)|desabonnement",
        rf"(?:desabonnez|desinscrivez|desabonne|desinscris) moi(?: {_FR_LIST})?",
        rf"(?:retirez|supprimez|enlevez|rayez) moi {_FR_LIST}",
        rf"(?:(?:veuillez|merci de) )?ne plus menvoyer (?:de |vos |ces |aucun )?{_FR_MAILS}",
        r"(?:(?:veuillez|merci de) )?ne plus (?:me contacter|mecrire|me solliciter)",
        r"ne (?:me contactez|mecrivez|me sollicitez|me derangez) plus",
        rf"ne menvoyez plus (?:de |vos |ces |aucun )?{_FR_MAILS}",
        rf"je (?:souhaite|veux|voudrais|desire) me (?:desabonner|desinscrire) {_FR_LIST}",
        rf"je (?:souhaite|veux|voudrais|desire) ne plus recevoir (?:de |vos |ces )?{_FR_MAILS}",
        rf"je ne (?:souhaite|veux|desire) plus (?:recevoir (?:de |vos |ces )?{_FR_MAILS}|etre contactee?)",
        rf"arretez(?: de (?:menvoyer (?:des |vos |ces ){_FR_MAILS}|mecrire|me contacter|me spammer))?",
        rf"stop (?:aux )?{_FR_MAILS}",
        r"laissez moi tranquille",
    ),
    greetings=r"bonjour|bonsoir|salut|coucou|cher|chere|madame|monsieur|messieurs",
    please=r"svp|stp|sil vous plait|sil te plait|merci",
    thanks=r"merci(?: davance| beaucoup)?",
    closings=r"(?:bien )?cordialement|merci(?: davance| beaucoup)?|bien a vous|(?:sinceres |meilleures )?salutations"
    r"(?: distinguees)?|cdt|cdlt|bonne (?:journee|soiree)",
    devices=r"envoye (?:de|depuis|a partir de) |obtenir outlook pour ",
    greeted="a tous madame monsieur messieurs",
    linking="de du des la et rue avenue",
    talk="je jai nous vous votre moi mon mais si quand plutot veuillez appelez appeler rappelez rappeler besoin "
    "veux voudrais peux pouvez pas suis sont etait aussi encore seulement",
)

_ES_MAILS = r"(?:(?:e ?)?mails?|correos?(?: electronicos?)?|mensajes?|boletin(?:es)?|newsletters?|publicidad)"
_ES_LIST = (
    r"(?:de(?:l)? (?:(?:la|su|sus|esta|tu|este|vuestra|todas las|los|estos) )?"
    rf"(?:listas?(?: de (?:correos?|envios?|distribucion|difusion))?|{_ES_MAILS}))"
)
SPANISH = Language(
    wishes=(
        rf"(?:(?:quiero|quisiera|deseo|solicito) )?(?:darme|dar) de baja(?: {_ES_LIST})?",
        rf"(?:deme|denme|dame|dadme) de baja(?: {_ES_LIST})?",
        r"baja|(?:desuscribir|desuscribirme|desuscribanme|desuscribame|desuscribeme)",
        rf"(?:cancelar|anular) (?:la |mi )?suscripcion (?:al|a la|a este|a su|a) (?:{_ES_MAILS})",
        rf"(?:eliminenme|eliminame|quitenme|quiteme|quitame|borrenme|borrame|saquenme|sacame) {_ES_LIST}",
        rf"no me (?:envien|envie|envies|manden|mande|mandes) mas (?:{_ES_MAILS})",
        r"no me (?:escriban|escriba|escribas|contacten|contacte|contactes|molesten) mas",
        rf"no (?:quiero|deseo) recibir mas (?:{_ES_MAILS})|no mas {_ES_MAILS}",
        rf"dejen? de (?:enviarme|mandarme) (?:mas |sus |estos )?{_ES_MAILS}",
        r"dejen? de (?:escribirme|contactarme|molestarme)|dejenme en paz|dejame en paz",
    ),
    greetings=r"hola|buen(?:os dias| dia)|buenas(?: tardes| noches)?|estimad[oa]s?|senor(?:es|a)?",
    please=r"por favor|porfa|pf",
    thanks=r"(?:muchas )?gracias",
    closings=r"(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|(?:muchas )?gracias|atentamente|atte|cordialmente",
    devices=r"enviado (?:desde|con) |obtener outlook para ",
    greeted="a todos senor senores",
    linking="del y calle en",
    talk="yo usted ustedes mi pero cuando favor llamen llame llamenme llameme llamada quiero necesito puedo puede "
    "pueden tengo tienen estoy tambien todavia solo",
)

_NL_MAILS = r"(?:(?:e ?)?mails?|mailtjes|berichten|nieuwsbrie(?:f|ven)|reclame)"
_NL_LIST = (
    r"(?:(?:van|uit|voor)(?: (?:de|deze|uw|jullie|je|alle|het))? "
    rf"(?:{_NL_MAILS}|(?:mailing|mail|verzend|adressen)?lijst|mailing ?list|mailinglijsten|bestand))"
)
_NL_PLEASE = r"(?:aub|alstublieft|alsjeblieft|svp)"
DUTCH = Language(
    wishes=(
        rf"(?:(?:mij|me|ons) )?(?:{_NL_PLEASE} )?(?:{_NL_LIST} )?(?:graag )?(?:afmelden|uitschrijven)(?: {_NL_LIST})?",
        r"gelieve (?:mij|me|ons) (?:uit te schrijven|af te melden)",
        rf"schrijf (?:me|mij|ons) (?:{_NL_PLEASE} )?uit(?: {_NL_LIST})?",
        rf"meld (?:me|mij|ons) (?:{_NL_PLEASE} )?af(?: {_NL_LIST})?",
        rf"(?:haal|verwijder|schrap) (?:me|mij|ons) (?:{_NL_PLEASE} )?{_NL_LIST}(?: af)?",
        rf"(?:me|mij|ons) (?:{_NL_PLEASE} )?{_NL_LIST} (?:verwijderen|halen|schrappen)",
        rf"geen {_NL_MAILS} meer(?: (?:sturen|{_NL_PLEASE}))?",
        rf"stuur (?:me|mij|ons) (?:{_NL_PLEASE} )?geen {_NL_MAILS} meer",
        rf"ik wil (?:graag )?geen {_NL_MAILS} meer(?: ontvangen)?",
        rf"ik wil (?:me|mij) (?:graag )?(?:{_NL_LIST} )?(?:uitschrijven|afmelden)(?: {_NL_LIST})?",
        r"(?:mij |me )?niet meer (?:mailen|contacteren|benaderen|aanschrijven)",
        rf"stop met (?:mailen|spammen|{_NL_MAILS}|(?:het )?sturen van {_NL_MAILS})",
        r"laat (?:me|mij|ons) met rust",
    ),
    greetings=r"hallo|hoi|dag|beste|goede(?:morgen|middag|navond|ndag)|geachte(?: heer| mevrouw)?",
    please=_NL_PLEASE,
    thanks=r"bedankt|dank ?(?:u|je)(?: wel)?|dankjewel",
    closings=r"(?:met )?(?:vriendelijke |hartelijke )?groet(?:en|jes)?|mvg|(?:alvast )?bedankt|dank (?:u|je)(?: wel)?",
    devices=r"(?:verstuurd|verzonden) (?:vanaf|met|via) |outlook voor ",
    greeted="allemaal heer mevrouw",
    linking="van den het",
    talk="ik wij mijn jullie maar als wanneer bel bellen graag nodig wil kan kunt niet heb hebben zijn nog ook alleen",
)

_IT_MAILS = r"(?:(?:e ?)?mail|messaggi|newsletter|comunicazioni|pubblicita)"
_IT_LIST = (
    r"(?:da(?:l|lla|lle|i)? (?:(?:vostra|vostre|tua|questa|queste|tutte le|sua) )?"
    rf"(?:lista|liste|mailing ?list|lista di distribuzione|{_IT_MAILS}))"
)
ITALIAN = Language(
    wishes=(
        rf"(?:(?:vorrei|desidero|voglio) )?disiscrivermi(?: {_IT_LIST})?",
        rf"(?:disiscrivimi|disiscrivetemi|disiscrivi|disiscrivere)(?: {_IT_LIST})?",
        rf"(?:cancellatemi|cancellami|rimuovetemi|rimuovimi|toglietemi|toglimi|eliminatemi|eliminami) {_IT_LIST}",
        rf"(?:(?:vorrei|desidero|voglio) )?(?:cancellarmi|cancellare la mia iscrizione) {_IT_LIST}",
        rf"non (?:inviatemi|inviarmi|inviateci|mandatemi|mandarmi) piu (?:{_IT_MAILS})",
        r"non (?:scrivetemi|scrivermi|contattatemi|contattarmi|disturbatemi) piu",
        rf"non (?:voglio|desidero) (?:piu )?ricevere (?:piu )?(?:(?:le )?vostre |altre )?{_IT_MAILS}",
        rf"basta (?:con (?:le |queste )?)?{_IT_MAILS}",
        rf"smettete(?:la)? di (?:scrivermi|contattarmi|inviarmi {_IT_MAILS}|mandarmi {_IT_MAILS})",
        r"lasciatemi in pace",
    ),
    greetings=r"ciao|salve|buongiorno|buonasera|buon pomeriggio|gentil[ei]|spettabile|spett ?le",
    please=r"per favore|per cortesia|cortesemente",
    thanks=r"grazie(?: mille)?",
    closings=r"(?:(?:cordiali|distinti) )?saluti|grazie(?: mille)?|cordialmente|buona (?:giornata|serata)",
    devices=r"inviato (?:da|dal|con) |scarica outlook per ",
    greeted="a tutti signori",
    linking="di via",
    talk="io noi voi vostro mio quando invece favore chiamate chiamatemi chiamami richiamatemi voglio vorrei posso "
    "potete bisogno sono siamo anche ancora soltanto",
)

_PT_MAILS = r"(?:(?:e ?)?mails?|mensage(?:m|ns)|newsletters?|boletins|publicidade|propagandas?)"
_PT_LIST = (
    r"(?:d(?:a|as|e|esta|essa|este|o|os) (?:(?:sua|vossa|tua|todas as) )?"
    rf"(?:listas?(?: de (?:(?:e ?)?mails?|contatos|contactos|distribuicao|envio))?|mailing(?: list)?|{_PT_MAILS}))"
)
_PT_OUT = r"(?:remova|remov[ae]m|retire|retirem|tire|tirem|exclua|excluam|apague|apaguem)"
PORTUGUESE = Language(
    wishes=(
        rf"(?:(?:quero|queria|gostaria de) (?:me )?)?(?:descadastrar|descadastrar me|descadastro)(?: {_PT_LIST})?",
        rf"(?:me )?descadastrem?(?: me)?(?: {_PT_LIST})?",
        rf"(?:me )?{_PT_OUT}(?: me| o meu (?:e ?)?mail| meu (?:e ?)?mail)? {_PT_LIST}",
        rf"(?:cancelar|anular) (?:a )?(?:minha )?(?:subscricao|inscricao|assinatura) d(?:a|e|esta) (?:{_PT_MAILS})",
        rf"nao (?:me )?(?:enviem?|mandem?)(?: me)? mais (?:{_PT_MAILS})",
        r"nao (?:me )?(?:escrevam?|contactem?|contatem?|incomodem)(?: me)? mais",
        rf"nao (?:quero|desejo|pretendo) (?:mais )?receber (?:mais )?(?:(?:os )?(?:seus|vossos) |estes )?{_PT_MAILS}",
        rf"parem? de (?:me )?(?:enviar|mandar)(?: me)? (?:estes |esses )?{_PT_MAILS}|chega de {_PT_MAILS}",
        r"deixem? me em paz|me deixem? em paz",
    ),
    greetings=r"ola|oi|bom dia|boa (?:tarde|noite)|car[oa]s?|prezad[oa]s?|exm[oa]s?",
    please=r"por favor|pf|pfv|favor",
    thanks=r"(?:muito )?obrigad[oa]|grat[oa]",
    closings=r"(?:com os )?(?:melhores )?cumprimentos|atenciosamente|att|(?:muito )?obrigad[oa]|abracos?|cordialmente",
    devices=r"enviado (?:do|da|pelo|a partir) |obter o outlook ",
    greeted="a todos senhor senhores",
    linking="da do dos rua",
    talk="eu voces meu minha mas quando favor ligue liguem telefone quero queria preciso posso podem tenho nao "
    "estou tambem ainda apenas",
)

_LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, ITALIAN, PORTUGUESE)
WISH = _any(*(wish for language in _LANGUAGES for wish in language.wishes))
GREETING = _any(*(language.greetings for language in _LANGUAGES))
PLEASE = _any(*(language.please for language in _LANGUAGES))
THANKS = _any(*(language.thanks for language in _LANGUAGES))
CLOSING = _any(*(language.closings for language in _LANGUAGES))
DEVICE = _any(*(language.devices for language in _LANGUAGES))
EVERYBODY = frozenset(word for language in _LANGUAGES for word in language.greeted.split())
LINKING = frozenset(word for language in _LANGUAGES for word in language.linking.split())
TALK = _any(*(word for language in _LANGUAGES for word in language.talk.split()))
