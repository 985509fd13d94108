"""A mail that is nothing but the wish to be left alone is one, whatever stands around it; any other word is read."""

import pytest

from capture.mail.reading import read_mail
from capture.mail.wishes import is_wish_alone
from tests.capture.mail.letters import write_letter

ZOE = "Zoe Müller <zoe@lead.example>"
QUOTE = "\n\nOn Wed, Mar 4, 2026 at 3:05 PM Northwind <no-reply@northwind.example> wrote:\n> Hello Zoe\n> We have news"
OUTLOOK = (
    "\n\n-----Original Message-----\nFrom: Northwind <a@b.example>\nSent: Monday\nTo: Zoe\nSubject: Hello\n\nHello Zoe"
)
WISHES = {
    "below a greeting": "Hi there,\n\nplease remove me from your mailing list.",
    "below a greeting by name": "Good morning, Mr. O'Neil,\nremove me please",
    "below one of everybody": "hi all\nno more emails",
    "in one short line": "Hello, please unsubscribe",
    "in one line": "Hello, please stop emailing me. Thanks!",
    "with an apostrophe": "Please don’t contact me again",
    "over two lines": "Please remove me\nfrom this list",
    "above a separator": "Unsubscribe\n\n-- \nZoe Client\nWe sell roofs. Call us!\nhttps://lead.example",
    "above a separator cut short": "STOP\n--\nZoe",
    "above a quote": f"Please remove me.{QUOTE}",
    "above what Outlook quotes": f"unsubscribe{OUTLOOK}",
    "above a name and a quote": f"Opt out\n\nThanks,\nZoe{QUOTE}",
    "above a quote of one line": "Stop\n\n> Hello Zoe",
    "below a quote": f"{QUOTE.strip()}\n\nUnsubscribe",
    "above a phone's line": "Stop\n\nSent from my iPhone",
    "above whose it is": "Unsubscribe\n\nBest regards, Zoe Client\nIT and Sales\nSeattle, US\n+1 206 555 0100",
    "above a place": "Unsubscribe\n\nZoe Client\nHead of Sales\nRue de la Paix 5\nm: +33 1 555 0100, lead.example",
    "above a bare name": "remove me please\nZoe",
}
OTHERS = {
    "a greeting that asks for a call": "Hi please call me\nStop the newsletters",
    "a greeting that is interested": "Hello, very interested!\nPlease stop the newsletter",
    "a greeting in capitals": "HI PLEASE CALL ME\nNO MORE EMAILS",
    "a question": "Stop?",
    "another sentence below": "Stop.\n\nI would rather talk: call me on Tuesday",
    "another sentence below the name": "Please remove me\nZoe\nbut keep my colleague Bob",
    "a postscript": "Unsubscribe\n\nThanks,\nZoe\nPS: call me about the roof",
    "an errand below the name": "Remove\nZoe\nRoof quote for 12 Main St asap",
    "a name to call": "Stop\nCall Zoe\n+1 206 555 0100",
    "more below the quote": f"Stop{QUOTE}\n\nBut the roof leaks: come on Tuesday",
    "a thanks that goes on": "Stop\nThanks\nSend the offer again on Tuesday",
    "a name that goes on": "Stop\nZoe will call tomorrow",
    "of something else": "Please remove me from the quote and add Bob",
    "of a thing": "Stop the works on the roof",
    "an order not to stop": "Please do not stop",
    "answers between the lines": "> Shall we stop or go on?\nStop\n> When do we talk?\nTuesday",
    "quoted only": f"Call me{QUOTE}\n> Unsubscribe",
    "nothing": "",
}


@pytest.mark.parametrize("text", WISHES.values(), ids=WISHES)
def test_nothing_but_the_wish_is_one(text: str) -> None:
    assert read_mail(write_letter(text=text)).asks_to_leave


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_whatever_says_more_is_a_reply(text: str) -> None:
    assert not read_mail(write_letter(text=text)).asks_to_leave


# What people of six countries write; the second table's sentences look like it, and a colleague is to read them.
HEARD = {
    "German": [
        "Bitte abmelden",
        "Abmelden",
        "Bitte melden Sie mich vom Newsletter ab",
        "Bitte nehmen Sie mich aus dem Verteiler. Danke",
        "Keine weiteren Mails mehr bitte",
        "Ich möchte keine E-Mails mehr erhalten.",
        "Hallo, bitte streichen Sie mich von Ihrer Liste",
        "Bitte löschen Sie mich aus Ihrem E-Mail-Verteiler",
        "Ich möchte mich vom Newsletter abmelden",
        "bitte keine Werbung mehr",
        "Lassen Sie mich in Ruhe!",
        "Stopp",
        "Kontaktieren Sie mich bitte nicht mehr",
        "meine E-Mail-Adresse bitte aus dem Verteiler löschen",
        "Newsletter abbestellen",
    ],
    "French": [
        "Désabonnement",
        "Désinscrivez-moi svp",
        "Merci de me désabonner de votre newsletter",
        "Bonjour, merci de me retirer de votre liste de diffusion",
        "Veuillez ne plus m'envoyer de mails",
        "Je ne souhaite plus recevoir vos e-mails",
        "Je souhaite me désabonner de la newsletter",
        "Merci de ne plus me contacter",
        "Arrêtez de m’envoyer des mails",
        "Laissez-moi tranquille",
        "STOP",
        "Je ne veux plus être contactée",
        "me désinscrire s'il vous plaît",
        "retirez moi de cette liste",
    ],
    "Spanish": [
        "BAJA",
        "Darme de baja por favor",
        "Quiero darme de baja de su lista de correo",
        "Por favor, no me envíen más correos",
        "No quiero recibir más correos. Gracias",
        "Hola, denme de baja de la newsletter",
        "Elimínenme de su lista",
        "dejen de escribirme",
        "No me escriban más",
        "cancelar mi suscripción al boletín",
    ],
    "Dutch": [
        "Uitschrijven",
        "Graag uitschrijven",
        "Schrijf me aub uit voor de nieuwsbrief",
        "Ik wil geen mails meer ontvangen",
        "Haal me van de mailinglijst af",
        "geen e-mails meer sturen aub",
        "Gelieve mij uit te schrijven",
        "Stop met mailen",
        "Verwijder mij uit uw bestand",
        "Laat me met rust",
    ],
    "Italian": [
        "Disiscrivimi",
        "Vorrei disiscrivermi dalla newsletter",
        "Per favore cancellatemi dalla vostra mailing list",
        "Non inviatemi più e-mail",
        "Non desidero più ricevere le vostre mail, grazie",
        "Basta mail",
        "Buongiorno, rimuovetemi dalla lista per favore",
        "Non scrivetemi più",
    ],
    "Portuguese": [
        "Descadastrar",
        "Por favor, me descadastre",
        "Remova-me da lista, por favor",
        "Não quero receber mais e-mails",
        "Olá, por favor não me enviem mais emails. Obrigado",
        "Retirem-me da vossa lista de contactos",
        "Parem de me enviar e-mails",
        "cancelar a minha subscrição da newsletter",
        "Não desejo mais receber os seus e-mails",
        "removam o meu email da vossa lista",
    ],
}
NOT_HEARD = {
    "German": [
        "Bitte nicht abmelden",
        "Bitte abmelden vom Termin am Dienstag",
        "Abmeldung",
        "Ich möchte mich zum Newsletter anmelden",
        "Kündigung",
        "Bitte kündigen Sie meinen Vertrag",
        "Bitte löschen Sie meine Daten",
        "Abmelden?",
        "Bitte keine Mails, rufen Sie mich an",
        "Ich möchte keine Mails, sondern ein Angebot",
        "Stoppen Sie die Lieferung",
        "Bitte keine Anrufe mehr",
        "Kontaktieren Sie mich",
    ],
    "French": [
        "Plus de mails",
        "Désinscription",
        "Merci de me contacter",
        "Ne m'appelez plus",
        "Je souhaite recevoir vos e-mails",
        "Merci de me désinscrire du webinaire",
        "Supprimez mes données",
        "Merci",
        "Arrêtez le chantier",
        "Je ne veux plus attendre",
    ],
    "Spanish": [
        "Cancelar mi suscripción",
        "No me llamen más",
        "De baja por enfermedad",
        "Estoy de baja",
        "Quiero recibir más correos",
        "Por favor, envíenme más correos",
        "Darme de alta",
        "Alto",
        "No",
    ],
    "Dutch": [
        "Opzeggen",
        "Graag meer mails",
        "Niet uitschrijven",
        "Ik wil me uitschrijven voor de cursus",
        "Stop met de levering",
        "Geen probleem",
        "Bel me niet meer",
    ],
    "Italian": [
        "Cancellatemi",
        "Annulla iscrizione",
        "Basta",
        "Vorrei ricevere più mail",
        "Non voglio aspettare",
        "Cancellate l'appuntamento",
        "Rimuovete la voce dal preventivo",
    ],
    "Portuguese": [
        "Cancelar assinatura",
        "Quero receber mais e-mails",
        "Não me liguem mais",
        "Não quero o orçamento",
        "Remova o item da proposta",
        "Obrigado",
        "Chega",
    ],
}
AROUND = [
    "Sehr geehrte Herren,\n\nbitte nehmen Sie mich aus dem Verteiler.\n\nMfG\nZoe Müller\nLeitung für Einkauf",
    "Bonjour Madame,\nje ne souhaite plus recevoir vos mails.\nCordialement,\nZoe Müller\n12 rue de la Paix, Paris",
    "Estimados señores:\nBaja\n\nUn saludo\nZoe Müller\n\nEnviado desde mi iPhone",
    "Beste,\ngeen mails meer aub\nMet vriendelijke groet,\nZoe\n\nVerstuurd vanaf mijn iPhone",
    "Sehr geehrte Damen und Herren\nAbmelden\nMfG, Zoe",
    "Gentile team,\ndisiscrivetemi\nCordiali saluti\nZoe Müller\nInviato da iPhone",
    "Olá João,\nnão quero receber mais e-mails.\nCom os melhores cumprimentos\nZoe Müller",
    "Abmelden\n\nAm 4. März 2026 um 15:05 schrieb Northwind <a@b.example>:\n> Hallo Zoe\n> Neues vom Dach",
]
MORE_AROUND = [
    "Hallo,\nbitte abmelden\nRufen Sie mich lieber an\nZoe Müller",
    "Bonjour\nStop\nCordialement,\nZoe Müller\nRappelez moi mardi",
    "Hola Llamen Mañana\nBaja",
    "Hallo Interesse Besteht\nKeine Mails mehr",
    "Ciao\nBasta mail\nGrazie\nZoe\nVorrei un preventivo",
]


@pytest.mark.parametrize("language", HEARD)
def test_a_wish_is_heard_in_its_language(language: str) -> None:
    assert [text for text in HEARD[language] if not is_wish_alone(text, sender="Zoe Müller zoe@lead.example")] == []


@pytest.mark.parametrize("language", NOT_HEARD)
def test_what_may_mean_more_is_left_to_a_colleague(language: str) -> None:
    assert [text for text in NOT_HEARD[language] if is_wish_alone(text, sender="Zoe Müller zoe@lead.example")] == []


def test_greetings_closings_and_signatures_are_known_in_each_language() -> None:
    assert [text for text in AROUND if not read_mail(write_letter(text=text, sender=ZOE)).asks_to_leave] == []
    assert [text for text in MORE_AROUND if read_mail(write_letter(text=text, sender=ZOE)).asks_to_leave] == []
