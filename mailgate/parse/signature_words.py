"""Words that end a mail: closings, marks of phones and mail programs, legal notes, contact lines. Data.

All entries are in lower case.
"""

# ruff: noqa: RUF001 - letters of many languages look alike, and are meant

from mailgate.parse.quote_words import phrases

# Lines that close a mail and may stand alone.
CLOSINGS = frozenset(
    phrases(
        """
        abraços; all the best; alles gute; amicalement; atenciosamente; atentamente; att; best; beste wünsche; bests;
        bg; bien cordialement; bien à vous; bis bald; bis dann; bonne journée; br; brgds; brgs; bye; bästa hälsningar;
        cdlt; cheers; ciao; com os melhores cumprimentos; cordialement; cordiali saluti; cordially; cu respect;
        cu stimă; cumprimentos; de bedste hilsner; dein; deine; distinti saluti; euer; eure; groet; groeten; groetjes;
        hartelijke groet; hg; hilsen; hilsner; hochachtungsvoll; hormat saya; hälsning; hälsningar; i. a.; i. v.;
        i.a.; i.v.; ihr; ihre; iyi çalışmalar; kr; lep pozdrav; lg; lijep pozdrav; love; lugupidamisega;
        med venlig hilsen; med vennlig hilsen; med vänlig hälsning; med vänliga hälsningar; melhores cumprimentos;
        met vriendelijke groet; met vriendelijke groeten; mfg; mit besten empfehlungen; mit freundlichem gruß;
        mit freundlichen grüßen; mit kollegialen grüßen; mit vorzüglicher hochachtung; mvg; mvh; parhain terveisin;
        pozdrawiam; pozdrawiam serdecznie; reciba un cordial saludo; respectfully; respectfully yours; rgds; rgrds;
        s pozdravem; s pozdravom; saludos; saludos cordiales; salutations; saluti; saygılarımla; servus; sincerely;
        sincères salutations; srdačan pozdrav; take care; terveisin; tisztelettel; trân trọng; très cordialement;
        un cordial saludo; un saludo; un saluto; venlig hilsen; very truly yours; vg; vh; vriendelijke groet;
        vriendelijke groeten; vänliga hälsningar; warmly; with appreciation; with gratitude; your friend; your pal;
        yours; yours faithfully; yours truly; yours very truly; ystävällisin terveisin; yt; z poważaniem;
        z wyrazami szacunku; üdv; üdvözlettel; με εκτίμηση; з повагою; поздрави; с наилучшими пожеланиями; с уважением
        """
    )
)
# A short line with one of these words closes a mail too: "Viele Grüße vom Bodensee", "With best regards".
CLOSING_WORDS = phrases(
    """
    grüß; gruß; gruss; gruess; grüss; regards; sincerely; salutations; wishes; greetings
    """
)
# Thanks close a mail only above a name: alone they are said, not signed.
THANKS = phrases(
    """
    danke; vielen dank; besten dank; herzlichen dank; dankeschön; danke schön; dank und gruß; merci; thanks;
    thank you; many thanks; thx; thnx; tks; ty; tia; cheers; much appreciated; with thanks; tack; tak; takk;
    mange tak; bedankt; dank je; dank u; alvast bedankt; gracias; muchas gracias; obrigado; obrigada; grazie;
    grazie mille; dziękuję; děkuji; köszönöm; mulțumesc; спасибо; teşekkürler; merci beaucoup; merci d'avance; kiitos
    """
)

SENT_FROM = phrases(
    """
    sent from_; sent via_; sent with_; sent using_; sent by my_; sent on the go; get outlook for_; via mobile;
    gesendet von_; gesendet mit_; gesendet über_; gesendet aus_; gesendet vom_; von unterwegs gesendet;
    holen sie sich outlook; laden sie outlook; outlook für android; outlook für ios; erhalten sie outlook;
    diese nachricht wurde von meinem_; diese e-mail wurde von meinem_; von meinem_; von meiner_; mobil gesendet;
    envoyé de mon_; envoyé depuis_; envoyé à partir de_; téléchargez outlook; télécharger outlook; obtenez outlook;
    enviado desde_; enviado do meu_; enviado de mi_; enviado a partir_; obtener outlook; obter o outlook; inviato da_;
    inviato dal_; scarica outlook; verzonden vanaf_; verstuurd vanaf_; verzonden met_; outlook voor_; skickat från_;
    hämta outlook; sendt fra_; hent outlook; få outlook; lähetetty_; hanki outlook; wysłane z_; wysłano z_;
    pobierz outlook; odesláno z_; odoslané z_; отправлено с_; отправлено из_; надіслано з_; iphone'umdan gönderildi;
    iphoneから送信; 发自我的; 來自我的; trimis de pe_; küldve_; στάλθηκε από_
    """
)
DEVICES = phrases(
    """
    iphone; ipad; ipod; android; blackberry; mobile; samsung; galaxy; huawei; xiaomi; pixel; nokia; smartphone;
    tablet; handy; telefon; phone; outlook; yahoo; gmx; web.de; t-online; thunderbird; mail; protonmail; proton;
    tutanota; k-9; airmail; acompli; windows; aol; sparrow; magenta; vodafone; ios
    """
)

# A paragraph at the end of a mail with one of these is a legal note or an advertisement of a program.
NOTES = phrases(
    """
    intended recipient; intended solely; confidentiality notice; is confidential and; are confidential and;
    may be confidential; confidential and intended; e-mail is confidential; email is confidential;
    may contain confidential; legally privileged; received this email in error; received this e-mail in error;
    received this message in error; you are hereby notified; vertrauliche informationen; vertrauliche und/oder;
    vertraulich und/oder; vertraulich und nur für; vertraulich und ausschließlich; rechtlich geschützte;
    nicht der richtige adressat; sind sie nicht der richtige; irrtümlich erhalten; irrtümlich zugesandt;
    nicht der vorgesehene; ausschließlich für den adressaten; unbefugte weitergabe; unerlaubte kopieren;
    ce message est confidentiel; informations confidentielles; información confidencial; informazioni riservate;
    vertrouwelijke informatie; please consider the environment; think before you print; n'imprimez ce mail;
    imprimer ce mail; préserver notre environnement; denken sie an die umwelt; bevor sie diese e-mail ausdrucken;
    been scanned for viruses; been checked for viruses; is virus-free; virus-free.; e-mail ist virenfrei; virenfrei.;
    e-mail wurde auf viren; nachricht wurde auf viren; avast.com; avast antivirus; by avast; von avast; avg.com;
    to unsubscribe from; you received this message because; you are receiving this because;
    reply to this email directly
    """
)
NOTE_HEADINGS = phrases(
    """
    disclaimer; haftungsausschluss; rechtlicher hinweis; legal notice; vertraulichkeitshinweis
    """
)

PHONE_LABELS = phrases(
    """
    tel; telefon; phone; fon; fax; telefax; mobil; mobile; handy; cell; office; direct; durchwahl; t; m; f; p; ph;
    mob; direkt; work; home; büro; telephone; téléphone; teléfono; telefono; e; mail; email; e-mail; web; internet;
    website; www; skype; url; homepage; hotline; signal; w
    """
)
COMPANY = phrases(
    """
    amtsgericht; handelsregister; hrb_; hra_; geschäftsführer; geschäftsführung; ust-id; ustid; ust.-id;
    sitz der gesellschaft; registergericht; aufsichtsrat; vorstand; registered in; registered office; vat no;
    steuernummer; company no; vat-id; iban
    """
)
COMPANY_FORMS = phrases(
    """
    _gmbh; _ag; _kg; _ug; _e.v.; _ohg; _se; _inc; _inc.; _ltd; _ltd.; _llc; _corp; _b.v.; _e.k.
    """
)
# Single words that end a mail without being its author.
NOT_NAMES = frozenset(
    phrases(
        """
        hey; cheers; ciao; love; best; viel erfolg; bis später; bis morgen; see you; good luck; take care;
        anhang; anlage; anlagen; asap; attached; attachment; bitte; danke; deutschland; dienstag; done; donnerstag;
        dringend; eilt; end; ende; enjoy; erledigt; error; fehler; fehlermeldung; fertig; fine; foto; fotos; freitag;
        friday; frohe weihnachten; fyi; germany; great; gut; hallo; happy new year; hello; help; heute; hi; hilfe; ja;
        keine; kündigung; merry christmas; mittwoch; moin; monday; montag; morgen; nein; never mind; no; none;
        nothing; ok; okay; passt; perfect; perfekt; please; prima; rechnung; samstag; saturday; schönes wochenende;
        screenshot; sonntag; sorry; sunday; super; test; thank you; thanks; thursday; today; tomorrow; tuesday;
        urgent; vielen dank; wednesday; yes
        """
    )
)
