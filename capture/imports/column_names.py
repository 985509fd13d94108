"""What other systems call their columns: one table, by field, in seven languages. Called by fields.

From what HubSpot, Salesforce, Pipedrive, Zoho and the lead forms of Facebook and Google write into their files, and
from what people call a column in English, German, French, Spanish, Dutch, Italian and Portuguese. Case, accents, blanks
and punctuation do not count; a field's own name and label need no entry. A word that means one thing here and another
there (`Titel`, `estado`, `stato`, `data`; `close date`, which lost deals have as well) is nobody's: a wrong guess costs
more than a choice. Of two columns for one field that one wins whose name stands first here.
"""

COLUMN_NAMES: dict[str, str] = {
    "email": """email address, mail, user email, work email, person email, person email work, contact email,
        e-mail-adresse, mailadresse, adresse e-mail, adresse mail, courriel, correo, correo electrónico, dirección de
        correo electrónico, mailadres, e-mailadres, indirizzo e-mail, posta elettronica, endereço de e-mail, correio
        eletrónico, person email home, person email other""",
    "phone": """phone number, telephone, tel, user phone, work phone, person phone, person phone work, contact phone,
        business phone, telefon, telefonnummer, telefonnr, rufnummer, numéro de téléphone, teléfono, número de
        teléfono, telefoon, telefoonnummer, numero di telefono, telefone, número de telefone, mobile, mobile phone,
        mobile phone number, cell, cell phone, person phone mobile, handy, handynummer, mobil, mobilnummer,
        mobiltelefon, mobiltelefonnummer, portable, téléphone portable, móvil, teléfono móvil, celular, gsm, mobiel,
        mobiele telefoon, mobiel nummer, cellulare, telemóvel, home phone, person phone home""",
    "name": """full name, lead name, contact name, person name, contact, vollständiger name, ansprechpartner,
        kontaktperson, kontaktname, kontakt, nom, nom complet, nom et prénom, prénom et nom, nom du contact, nombre,
        nombre completo, nombre y apellidos, nombre del contacto, naam, volledige naam, contactpersoon, contactnaam,
        nome, nome completo, nome e cognome, nominativo, nome del contatto, nome do contato, nome do contacto""",
    "first_name": """given name, forename, person first name, vorname, prénom, nombre de pila, voornaam, primeiro nome,
        nome próprio""",
    "last_name": """surname, family name, person last name, nachname, familienname, zuname, nom de famille, apellido,
        apellidos, achternaam, familienaam, cognome, sobrenome""",
    "title": """job title, position, role, designation, person job title, contact title, berufsbezeichnung,
        stellenbezeichnung, jobtitel, funktion, fonction, poste, intitulé du poste, puesto, cargo, functie,
        functietitel, ruolo, posizione, qualifica, função""",
    "company": """company name, company / account, account name, account, organization name, organisation, organization,
        firm, employer, associated company, firma, firmenname, unternehmen, unternehmensname, name des unternehmens,
        entreprise, nom de l'entreprise, société, nom de la société, raison sociale, empresa, nombre de la empresa,
        organización, bedrijf, bedrijfsnaam, organisatie, azienda, nome azienda, nome dell'azienda, società, ragione
        sociale, organizzazione, nome da empresa, organização""",
    "external_id": """id, lead id, record id, contact id, person id, crm id, mql id, record id contact, id du lead, id
        de contacto, id contatto, id do contato""",
    "street": """street address, street 1, address, address 1, address line 1, mailing street, primary street, mailing
        address, person postal address, organization address, straße, strasse, straße und hausnummer, straße nr,
        adresse, anschrift, rue, adresse postale, dirección, dirección postal, calle, domicilio, adres, straat, straat
        en huisnummer, indirizzo, endereço, morada, logradouro, rua""",
    "postal_code": """zip, zip code, postal code, postcode, zip/postal code, mailing zip, mailing postal code, mailing
        zip/postal code, primary postal code, primary zip, plz, postleitzahl, code postal, código postal, codice
        postale, cap, CEP""",
    "city": """town, mailing city, primary city, ort, stadt, wohnort, ville, localité, ciudad, localidad, stad, plaats,
        woonplaats, città, comune, cidade, localidade""",
    "region": """state, state/province, state/region, province, county, mailing state/province, bundesland, kanton,
        canton, provincia, provincie, regio, regione, região, UF""",
    "country": """country code, country/region, mailing country, land, ländercode, pays, code pays, país, código de
        país, landcode, paese, nazione, código do país""",
    "do_not_contact": """opt out, opted out, unsubscribed, email opt out, has opted out of email, unsubscribed from all
        email, nicht kontaktieren, abgemeldet, ne pas contacter, désabonné, no contactar, niet contacteren, niet
        benaderen, uitgeschreven, non contattare, disiscritto, não contactar, não contatar""",
    "owner": """owner email, lead owner email, lead owner, contact owner, person owner, record owner, assigned to, für
        kontakt zuständiger mitarbeiter, lead-inhaber, zuständig, propriétaire du contact, propriétaire du lead,
        propietario del contacto, propietario del lead, contacteigenaar, leadeigenaar, proprietario del contatto,
        proprietario contatto, proprietario lead, proprietário do contato, proprietário do lead""",
    "channel": """lead source, origin, original source, original source type, original traffic source, channel group,
        source channel, lead source channel, leadquelle, lead-herkunft, herkunft, kanal, ursprüngliche quelle, source
        du lead, source du prospect, provenance, origine, canal, fuente del lead, origen del lead, origen, leadbron,
        herkomst, kanaal, fonte del lead, origine lead, provenienza, canale, origem do lead, origem""",
    "utm_source": "source, lead source detail, quelle, fuente, bron, fonte",
    "utm_medium": "medium, medio, meio",
    "utm_campaign": """campaign, campaign name, kampagne, kampagnenname, campagne, nom de la campagne, campaña, nombre
        de la campaña, campagnenaam, campagna, nome campagna, nome della campagna, campanha, nome da campanha""",
    "utm_term": """keyword, term, search term, schlüsselwort, suchbegriff, suchwort, mot-clé, mots-clés, palabra clave,
        zoekwoord, trefwoord, parola chiave, palavra-chave""",
    "utm_content": """content, ad name, ad, anzeige, anzeigenname, nom de la publicité, annonce, nombre del anuncio,
        anuncio, advertentie, nome inserzione, annuncio, nome do anúncio""",
    "gclid": "google click id",
    "landing_page": """landing page url, landing page id, conversion page, first page seen, page, url, zielseite, page
        d'atterrissage, page de destination, página de destino, página de aterrizaje, landingspagina,
        bestemmingspagina, pagina di destinazione, pagina di atterraggio""",
    "referrer": "referer, referring site, first referring site, verweis-url",
    "inquired_at": """inquiry date, created, created at, created date, created time, created on, create date, creation
        date, date created, lead created, person created, lead submit time, submit time, submitted at, submitted on,
        submission date, timestamp, date added, received, first contact date, date, anfragedatum, datum der anfrage,
        erstellt, erstellt am, erstellungsdatum, erstelldatum, angelegt am, eingangsdatum, zeitstempel, datum, date
        de création, créé le, horodateur, date de la demande, fecha de creación, creado, creado el, marca temporal,
        fecha, aanmaakdatum, aangemaakt, aangemaakt op, gemaakt op, tijdstempel, data di creazione, creato il,
        informazioni cronologiche, data de criação, criado em, carimbo de data/hora""",
    "service": """product, interest, interested in, dienstleistung, leistung, produkt, interesse, prestation, produit,
        servicio, producto, dienst, servizio, prodotto, serviço, produto""",
    "message": """inquiry, comment, comments, description, notes, nachricht, anfrage, kommentar, bemerkung, bemerkungen,
        beschreibung, notizen, demande, commentaire, commentaires, remarque, remarques, mensaje, consulta,
        comentario, comentarios, descripción, observaciones, bericht, vraag, opmerking, opmerkingen, omschrijving,
        toelichting, messaggio, richiesta, commento, commenti, descrizione, mensagem, descrição, observações, notas""",
    "quote_value": """quote, deal value, lead value, value, amount, estimate, wert, betrag, angebotswert, lead-wert,
        deal-wert, valeur, montant, valeur du deal, valor, importe, valor del trato, waarde, bedrag, dealwaarde,
        valore, importo, valor do negócio""",
    "currency": "deal currency, lead currency, währung, devise, moneda, divisa, valuta, moeda",
    "stage": """lifecycle stage, lead status, deal status, status, outcome, lifecycle-phase, phase, phase du cycle de
        vie, statut du lead, statut, étape, etapa del ciclo de vida, estado del lead, etapa, estatus,
        levenscyclusfase, fase, fase del ciclo di vita, stato del lead, stato lead, estágio do ciclo de vida, fase do
        ciclo de vida, status do lead, estágio, situação""",
    "stage_at": "stage date, status date, statusdatum",
    "won_at": """won date, won time, deal won time, date won, sale date, converted date, gewonnen am, verkaufsdatum,
        date de vente, fecha de venta, verkoopdatum, data di vendita, data da venda""",
    "sales_value": """won amount, sold for, revenue, sale, sales, verkaufswert, valeur de la vente, valor de venta,
        verkoopwaarde, valore di vendita, valor da venda""",
    "lost_reason": """loss reason, reason lost, closed lost reason, deal lost reason, unqualified reason, verlustgrund,
        absagegrund, grund für verlust, raison de la perte, raison de perte, motif de perte, motivo de pérdida,
        motivo de la pérdida, razón de pérdida, reden verloren, reden van verlies, verliesreden, motivo di perdita,
        motivo della perdita, motivo perdita, motivo da perda, motivo de perda""",
}
