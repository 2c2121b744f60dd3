"""Frequent words that tell German and English from each other and from their neighbours. Data, all in lower case.

Words of both languages ("in", "so", "was", "an", "will", "die" …) stand in neither list.
"""

GERMAN = frozenset(
    """
    ab abend aber acht adresse alle alles als alte alten am anbei andere anderen anderer anfrage angebot
    angehängt anhang anlage anrufen ans anschrift antwort antworten auch auf auftrag aus ausgefallen außer bald bank
    bei beigefügt beim bekomme bekommen bereits bestellung besten bin bis bist bitte bloß brauche brauchen da dabei
    dafür damen damit dank danke dann daran darauf darf das dass datenbank davon dazu daß dein deine deinen dem den
    denn der des deshalb dezember dich dienstag diese diesem diesen dieser dieses dir doch domäne donnerstag dort drei
    dringend du durch dürfen eben eigentlich eilt ein eine einem einen einer eines einfach eingerichtet einige
    einrichten er erhalten erledigt erreichbar erst erste ersten es etwas euch euer eure februar fehler fertig finden
    frage fragen frau freischalten freitag fuer funktionieren funktioniert fünf für gab ganz geben geehrte geehrten
    geehrter gegeben gegen gehen geht gemacht genau gerade gern gerne gesendet gesperrt gestern getan geändert gibt
    ging gruesse gruessen gruss gruß grüsse grüße grüßen gut gute guten guter habe haben habt hallo halt hat hatte
    hatten herr herren herzlichen heute hier hilfe hätte hätten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer
    ins ist ja jahr jahre januar jede jeder jedes jetzt juli juni kann kein keine keinem keinen keiner keinerlei
    kennwort klappt koennen koennte kommen kommt konnte konnten konto kriege kriegen kunde kundennummer kundin können
    könnte könnten kündige kündigen kündigung lag lassen laufen leider letzte letzten lg liebe lieber liebes lässt
    läuft machen macht mag mai mal man manche mehr mehrere mein meine meinem meinen meiner meldung mfg mich minuten
    mir mit mittwoch moechte moechten moin monat monate montag morgen muessen muss musste märz möchte möchten müssen
    müsste nach nachricht naechste nee nein neu neue neuen neuer neun nicht nichts nie noch nochmal nun nur nächste
    nächsten ob oder ohne oktober passt passwort postfach rechnung rechnungen rückmeldung rückruf sagen sah samstag
    schicken schickt schnell schon sechs sehen sehr seid sein seit seite senden sich sicherung sie sieben sieht sind
    sofort soll sollen sollte sollten sonntag sonst spaeter speicherplatz sperren startet statt stehen steht stimmt
    stunden tag tage telefonisch termin trotzdem tun tut ueber uhr um umzug und uns unser unsere unserem unseren
    unserer unter vertrag vg viel viele vielen vielleicht vier vom von vor waere wann war waren warum webseite wegen
    weil weitere weiteren weiß welche welchen welcher welches wenn wer werde werden weshalb wie wieder
    wiederherstellen wieso wieviel wir wird wirklich wirst wissen wo woche wochen woher wohin wohl wollen wollte
    wollten worden wuerde wurde wurden während wäre würde würden zahlung zehn zu zugang zugangsdaten zum zur zurueck
    zwei zwischen ändern änderung über überweisung
    """.split()
)

ENGLISH = frozenset(
    """
    able about above access add added address after again against all already although and another answer
    any anybody anyone anything are around as asap ask asked at attached attachment available away back bad be
    because been before being below best between bill billing broken but by call called came can can't cancel
    cancellation cancelled cannot change changed changing charge charged check checked cheers come comes confirm
    confirmed contract could customer day days dear december delete deleted did didn't does doesn't doing don't done
    down during each eight errors every everyone everything failed failing fails february find fine
    first five fix fixed following for forward four friday from get gets getting give given goes going good got great
    had has have having he he's hello help her here hey hi him his hour hours how however i i'd i'll i'm i've if
    instead into invoice invoices is isn't issue issues it it's its january july june just keep keeps kind know known
    last let let's like login look looking looks made mailbox make makes many march may me message messages might
    minutes monday month months more most move moved moving much must my need needed needs new next nine no nobody
    none not nothing now number october of off old on one only or order orders other our out over page paid
    password pay payment phone please please's possible price pricing problem question questions quote reach read
    receive received refund regards remove removed renew renewal reply request restore right run running runs
    said same saturday say says see seem seems seen send sent seven shall she ship shipped should show shows
    since sincerely six some someone something soon sorry start started still stop stopped such sunday sure
    take taken tell ten than thank thanks that that's the their them then there therefore these they they're
    think this those though three through thursday to today told tomorrow too tried try trying tuesday two unable
    under until up updated upon urgent us use used using very wait waiting want want's wanted wants wasn't way
    we we'd we're we've wednesday week weeks well went were what when where whether which while who whom why
    with within without won't work worked working works would write wrong year years yes yesterday you you're your
    """.split()
)

# Of the languages around: what is frequent there and is no word of the two above.
OTHERS = frozenset(
    """
    abbiamo al ale anche att aux av avec avez avons bedankt ben beste bir biz bonjour bu bude bună buongiorno cette
    che ciao com como con cordialement cordiali cuando czy dans dei del della delle desde det deze değil din dit dobry
    dobrý dzień dziękuję děkuji een egy ei el elle est estamos este estou está ett että favor foi för geen gli
    goedemorgen graag gracias grazie groeten har hebben heeft hei hej het hilsen ho hoe hogy hola ik ikke il ile inte
    isso için jag jak je jeg jest jij jsem ke kiitos který kunnen kunt kérem köszönöm la las le les lo los lütfen ma
    maar mais mam med merci merhaba mes meu mi mijn minha minun mio moet mon mulțumesc mutta muy mvh más můj na naar
    nasz nebo nel nem není niet nog non notre nous nu nuestro não o obrigado och og ole olen olá onze ook os ou où
    para pas pentru perché pero più por pour proszę prosím puede på que qui saludos saluti se si się som son sono sont
    su sunt sur tack tak takk tem tengo teşekkürler til tisztelt tu tym uma una une usted uw ve venlig vi vill você
    voor vostro votre vous vänlig wat wij wordt zijn är çok è és été że și
    """.split()
)
