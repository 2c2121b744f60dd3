"""Words that end a mail: closings, marks of phones and mail programs, legal notes, contact lines. Data.

All entries are in lower case; they are compared without their accents.
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
        mkg; mbg; mfg.; m.f.g.; glg; vlg; llg; sg; fg; lgr; b.r.; krgds; bregs; xoxo; xo; x; hugs; onwards;
        yours ever; cdt; crdlt; bàv; bav; slts; biz; à bientôt; a bientôt; à plus; atte; slds; salu2; besos; abs; abç;
        abçs; bjs; beijos; beijinhos; cumps; grato; grata; in fede; a presto; gr; grtz; grtn; m.v.g; m.vr.gr; mvrgr;
        vr. gr; vr.gr; vrgr; groete; vänligen; hälsn; kram; kramar; hej då; allt gott; kh; k.h; bh; dbh; d.b.h; m.v.h;
        knus; klem; venligst; vennligst; t; terv; yst. terv; y.t; ystäv. terv; parimat; sėkmės; lp; l.p; lp.; pozdr;
        pzdr; pzdr.; zdraví; zdravím; mějte se; s pozd; lep dan; cu drag; numai bine; cu stima; с ув; с ув.; лек ден;
        хубав ден; до свидания; με τιμή; kolay gelsin; iyi günler; trân trọng cảm ơn; kính thư; thân ái; yang ikhlas;
        yang benar; agur bero bat; 以上; adeitasunez; in diesem sinne; sincères amitiés; bien à toi; amitiés; szia;
        sziasztok; üdv.; tiszt; sentiments distingués; sentiments les meilleurs; un abbraccio; con affetto; met groet;
        vrgrt; mvgr; yours; yours faithfully; yours truly; yours very truly; ystävällisin terveisin; yt; z poważaniem;
        z wyrazami szacunku; üdv; üdvözlettel; με εκτίμηση; з повагою; поздрави; с наилучшими пожеланиями; с уважением
        """
    )
)
# A short line with a word that starts so closes a mail too: "Viele Grüße vom Bodensee", "With best regards".
CLOSING_WORDS = phrases(
    """
    grüß; gruß; gruess; hochachtung; regards; sincerely; salutations; wishes; greetings; faithfully; cordially;
    respectfully; warmly; fondly; gratefully; cordialement; amicalement; respectueus; bises; bisous; saludo;
    atentament; cordialment; abrazo; salutacio; saúdo; cumprimento; atenciosamente; abraço; saudações; saluti; saluto;
    cordialmente; groet; hoogachtend; hälsning; hilsen; hilsn; helsing; kveðj; virðingarf; terveis; ystävällis;
    kunnioit; lugupidami; tervita; soovidega; cieņ; sveicien; pagarb; linkėjim; pozdrav; pozdraw; pozdrow; poważani;
    szacunk; úctou; spoštovan; poštovanj; srdačn; поздрав; поштовањ; сердечн; üdvöz; tisztel; köszönettel; stimă;
    considerație; salutări; urări; уважени; повагою; пожелани; побажання; искренне; εκτίμηση; χαιρετισμ; φιλικ;
    saygılar; selam; sevgi; hormat; salam
    """
)
# The same in scripts that have no capitals, or no blanks between words.
CLOSING_PARTS = phrases(
    """
    ขอแสดงความนับถือ; ด้วยความเคารพ; 敬具; よろしくお願い; 宜しくお願い; 此致; 敬上; 敬礼; 敬禮; 祝好; 顺颂; 順頌;
    商祺; 敬祝; 祝工作; 드림; 올림; 안녕히; בברכה; בכבוד; تحيات; تحية; الاحترام; احترام; ارادتمند; सादर; भवदीय; आपका
    """
)
# Thanks close a mail only above a name: alone they are said, not signed.
THANKS = phrases(
    """
    danke; vielen dank; besten dank; herzlichen dank; dankeschön; danke schön; dank und gruß; merci; thanks;
    thank you; many thanks; thx; thnx; tks; ty; tia; cheers; much appreciated; with thanks; thanking you; tack; tak;
    takk; mange tak; mange takk; tusen takk; på forhånd tak; på forhånd takk; bedankt; dank je; dank u; dank en groet;
    alvast bedankt; gracias; muchas gracias; obrigado; obrigada; muito obrigado; muito obrigada; desde já agradeço;
    desde já obrigado; grazie; grazie mille; ringraziando; dziękuję; z góry dziękuję; dzięki; děkuji; děkuju;
    předem děkuji; díky; ďakujem; vopred ďakujem; hvala; unaprijed hvala; najlepša hvala; хвала; köszönöm;
    előre is köszönöm; köszi; mulțumesc; vă mulțumesc; спасибо; заранее спасибо; благодарю; дякую; благодаря;
    ευχαριστώ; teşekkürler; teşekkür ederim; merci beaucoup; merci d'avance; kiitos; kiitoksia; aitäh; tänan; paldies;
    ačiū; dėkoju; takk fyrir; gràcies; moltes gràcies; grazas; cảm ơn; xin cảm ơn; terima kasih; sekian;
    eskerrik asko; ขอบคุณ; ありがとう; 谢谢; 謝謝; 多谢; 感谢; 감사합니다; 고맙습니다; תודה; בתודה; شكرا; مع الشكر;
    با تشکر; متشکرم; धन्यवाद; tanti saluti e grazie
    """
)
# So do wishes: alone they are said, above a name they close.
FAREWELLS = phrases(
    """
    schönen tag; schönes wochenende; schönen abend; schöne woche; einen schönen; ein schönes; angenehmen tag; tschüss;
    tschüs; bis bald; bis dann; bis morgen; bis später; have a nice; have a great; have a good; have a lovely;
    talk soon; talk to you soon; see you; see ya; cya; later; peace; god bless; looking forward; enjoy your;
    until then; happy new year; merry christmas; frohe weihnachten; bonne journée; bonne soirée; bonne réception;
    bon week-end; bonne fin de; à bientôt; dans l'attente; en vous remerciant; quedo a la espera; quedo atent;
    que tenga; buen día; buen fin de; que tengas; aguardo; fico a aguardar; bom dia; bom fim de; boa semana;
    bom trabalho; buona giornata; buona serata; buon lavoro; buon weekend; resto in attesa; in attesa di; fijne dag;
    prettige dag; fijn weekend; tot ziens; tot snel; trevlig helg; ha det; ha en; hav en; god weekend; god helg;
    god helgi; fortsatt; hyvää; mukavaa; kaunista; miłego; udanego; hezký den; pěkný den; přeji; pekný deň; prajem;
    lep dan; ugodan; prijatan; szép napot; további szép; o zi; toate cele; cele mai bune; всего доброго;
    всего хорошего; хорошего дня; всього; гарного; хубав; приятен; καλή; καλό; iyi çalışmalar; iyi hafta; selamat;
    jaga diri; have fun; all good things; be well; stay safe; stay healthy; bleiben sie gesund; bleib gesund
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
    sent to you by_; sent by mail; sent on the_; secured with_; powered by zimbra; typed on_; typed with_;
    please excuse; excuse brevity; excuse typos; excuse any typos; excuse my brevity; pardon typos; on the go;
    from my phone; from my iphone; from my mobile; from my ipad; mein handy hat; provenance : courrier;
    provenance: courrier; depuis mon_; get bluemail; apologies for brevity; brevity due to_; dictated on_;
    written on my_; this message was sent from my_; hämta outlook; sendt fra_; hent outlook; få outlook; lähetetty_;
    hanki outlook; wysłane z_; wysłano z_; pobierz outlook; odesláno z_; odoslané z_; отправлено с_; отправлено из_;
    надіслано з_; iphone'umdan gönderildi; iphoneから送信; 发自我的; 來自我的; trimis de pe_; küldve_; στάλθηκε από_
    """
)
# "Sent" in other languages: such a word first or last in a line that names a device or a program.
SENT = phrases(
    """
    sent; gesendet; versendet; geschickt; geschrieben; envoyé; enviad; enviat; inviat; verzonden; verstuurd; gestuur;
    skicka; sendt; lähetetty; saadetud; nosūtīts; sūtīts; išsiųsta; wysłan; odeslán; odoslan; poslán; poslan; poslat;
    pošiljano; küldve; elküldve; trimis; отправлен; надіслан; відправлен; изпратен; послат; στάλθηκε; εστάλη;
    αποστολή; gönderil; bidalia; đã gửi; gửi từ; dikirim; dihantar; ส่งจาก; 送信; 发送; 发自; 發自; 來自; 来自; 傳送;
    寄件; 보냄; 보냈; נשלח; أرسلت; تم الإرسال; ارسال; भेजा
    """
)
# "Get Outlook for iOS": the same of a program's advertisement.
GET = phrases(
    """
    get; holen; laden; obtenez; téléchargez; télécharger; obtener; obtén; obtenga; descarg; obter; obtenha; transfer;
    baixar; scarica; ottieni; download; downloaden; haal; hent; hämta; skaffa; skaff; få; hanki; hankige; lataa;
    pobierz; získat; získajte; získať; stáhnout; stiahn; preuzmi; prenesite; beszerzése; töltse; descărcați; obțineți;
    скачать; скачайте; загрузить; завантажити; изтеглете; вземете; λήψη; κατεβάστε; edinin; indirin; tải; dapatkan;
    ดาวน์โหลด; 入手; 获取; 下载; 取得; 下載; 다운로드; 받기; הורד; השג; احصل; تنزيل; دریافت; ophalen; herunterladen
    """
)
DEVICES = phrases(
    """
    iphone; ipad; ipod; android; blackberry; mobil; móvil; movil; samsung; galaxy; huawei; xiaomi; pixel; nokia;
    smartphone; tablet; handy; telefon; telefoon; telefono; teléfono; téléphone; telemóvel; celular; cellulare; phone;
    outlook; yahoo; gmx; web.de; t-online; thunderbird; mail; proton; tutanota; tuta; k-9; airmail; acompli; windows;
    aol; sparrow; magenta; vodafone; ios; oneplus; motorola; oppo; htc; palm; treo; spark; correo; courrier; posta;
    aplikac; puhelim; nutitelef; älypuhelin; телефон; смартфон; почт; пошт; мобил; мобіл; κινητό; ponsel; gerät; 手机;
    手機; 华为; 小米; 邮件; 郵件; 携帯; スマホ; メール; 휴대; 핸드폰; 스마트폰; הטלפון; هاتف; हैंडसेट
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
    if you have received this; if you received this e; if you are not the intended; intended only for;
    intended for the; named addressee; individual named; unauthorized review; unauthorised use; any unauthorized;
    any unauthorised; unauthorized use; views or opinions; opinions expressed; for informational purposes only;
    before printing; don't print this; do not print this; click here to unsubscribe; wirklich ausgedruckt;
    ausdrucken müssen; unbedingt ausdrucken; beabsichtigte empfänger; vorgesehene empfänger; sollten sie diese;
    datenschutz finden sie; datenschutzhinweise; datenschutzerklärung finden; pflichtangaben gem;
    registered in england; registered office:; si vous avez reçu ce; si vous n'êtes pas le; à l'intention exclusive;
    l'absence de virus; avant d'imprimer; ne pas imprimer; si ha recibido este; si usted no es el; antes de imprimir;
    libre de virus; livre de vírus; aviso legal:; exclusivamente a su destinatario; se recebeu esta;
    se você recebeu esta; se avete ricevuto questo; se ha ricevuto; qualora abbiate; qualora avesse;
    prima di stampare; ai sensi del; priva di virus; denk aan het milieu; geen rechten worden ontleend;
    indien u niet de; indien u dit bericht; denna e-post är; om du inte är; hvis du ikke er; mikäli et ole;
    jeśli nie są państwo; jeżeli nie jest; pokud nejste; ak nie ste; ha nem ön a; dacă nu sunteți;
    если вы не являетесь; якщо ви не є; eğer alıcı; yanlışlıkla size; před tiskem; pred tlačou; zvažte dopad;
    zvážte dopad; przed wydrukowaniem; tänk på miljön; tænk på miljøet; tenk på miljøet; ajattele ympäristöä;
    pensa all'ambiente; scanned by symantec; scanned by mimecast; scanned by bitdefender; scanned by mailscanner;
    scanned by messagelabs; email was scanned; to unsubscribe; to leave the list; list-unsubscribe;
    to unsubscribe from; you received this message because; you are receiving this because;
    reply to this email directly
    """
)
# Together they make a legal note in any language: confidential, and for whom, or that a message holds information.
CONFIDENTIAL = phrases(
    """
    confiden; vertraulich; vertrouwelijk; riservat; konfidenti; konfidensi; fortrolig; luottamuksell; poufn; důvěrn;
    dôvern; bizalmas; конфиденц; конфіденц; поверит; εμπιστευτ; gizli; zaupn; povjerljiv; poverljiv; konfidentsiaal;
    privileged; bảo mật; rahasia; sulit; 機密; 保密; 기밀; סודי; سري
    """
)
RECIPIENTS = phrases(
    """
    recipient; addressee; intended; adressat; empfänger; destinat; geadresseerde; bestemd; mottagar; modtager;
    mottaker; vastaanot; adresat; adresát; címzett; получател; адресат; одержувач; παραλήπτ; alıcı; naslovnik;
    primatelj; primaoc; saajale; người nhận; penerima; 受信者; 收件人; 收件者; 수신인; נמען; المرسل
    """
)
INFORMATION = phrases(
    """
    inform; bilgi; информац; інформац; πληροφορ; informác; renseignement; oplysning; upplýsing; tiedo; thông tin
    """
)
MESSAGES = phrases(
    """
    message; mail; nachricht; mensaje; mensagem; messaggio; comunicazione; communication; courriel; correo; bericht;
    meddel; e-post; viesti; wiadomoś; zpráv; správ; üzenet; mesaj; ileti; posta; сообщени; повідомлен; съобщени;
    transmission; sporočil; poruk; thư; pesan
    """
)
NOTE_HEADINGS = phrases(
    """
    confidentiality notice; confidentiality; confidential; privacy notice; important notice; legal disclaimer;
    e-mail disclaimer; email disclaimer; vertraulichkeit; datenschutz; wichtiger hinweis; pflichtangaben;
    avis de confidentialité; avertissement; clause de confidentialité; aviso legal; aviso de confidencialidad;
    confidencialidad; aviso; aviso de confidencialidade; nota di riservatezza; avvertenza; avviso di riservatezza;
    vrijwaring; vertrouwelijkheid; ansvarsfriskrivning; ansvarsfraskrivelse; klauzula poufności; upozornění;
    upozornenie; юридическое уведомление; uyarı; disclaimer; haftungsausschluss; rechtlicher hinweis; legal notice;
    vertraulichkeitshinweis
    """
)

PHONE_LABELS = phrases(
    """
    tel; telefon; phone; fon; fax; telefax; mobil; mobile; handy; cell; office; direct; durchwahl; t; m; f; p; ph;
    mob; direkt; work; home; büro; telephone; téléphone; teléfono; telefono; e; mail; email; e-mail; web; internet;
    website; www; skype; url; homepage; hotline; signal; w; tél; tél.; tlf; tfno; tfn; cel; cell.; cellulare; móvil;
    movil; telemóvel; gsm; tel.; telefonszám; puh; puhelin; gsm.; тел; телефон; моб; факс; τηλ; κιν; đt; sđt; 電話;
    电话; 手机; tlf.; telefoon; telefoonnummer; mobiel; mobilní; mobiltelefon; handynr; rufnummer; zentrale; whatsapp;
    linkedin; twitter; github; facebook; instagram; xing; telegram; ext; extension; o; d; h; c
    """
)
COMPANY = phrases(
    """
    amtsgericht; handelsregister; hrb_; hra_; geschäftsführer; geschäftsführung; ust-id; ustid; ust.-id;
    sitz der gesellschaft; registergericht; aufsichtsrat; vorstand; registered in; registered office; vat no;
    steuernummer; company no; vat-id; iban; p.iva; p. iva; partita iva; codice fiscale; kvk_; regon; krs_; siret;
    c.i.f; cif:; nif:; cnpj; org.nr; org. nr; orgnr; cvr_; cvr-; y-tunnus; ič:; ičo; dič; adószám; огрн; єдрпоу; oib_;
    uid-nr; firmenbuch; handelsgericht; gerichtsstand; registernummer; haftungsbeschränkt
    """
)
COMPANY_FORMS = phrases(
    """
    _sarl; _s.a.; _s.l.; _s.r.l.; _srl; _s.p.a.; _a/s; _aps; _oy; _oyj; _oü; _sia; _uab; _sp. z o.o.; _s.r.o.; _a.s.;
    _d.o.o.; _kft.; _kft; _zrt.; _bv; _nv; _n.v.; _plc; _pty ltd; _corporation; _co. kg; _gbr; _lda; _ltda; _ооо;
    _пао; _ооод; _gmbh; _ag; _kg; _ug; _e.v.; _ohg; _se; _inc; _inc.; _ltd; _ltd.; _llc; _corp; _b.v.; _e.k.
    """
)
# Single words that end a mail without being its author.
NOT_NAMES = frozenset(
    phrases(
        """
        hey; cheers; ciao; love; best; viel erfolg; bis später; bis morgen; see you; good luck; take care; anhang;
        anlage; anlagen; asap; attached; attachment; bitte; danke; deutschland; dienstag; done; donnerstag; dringend;
        eilt; end; ende; enjoy; erledigt; error; fehler; fehlermeldung; fertig; fine; foto; fotos; freitag; friday;
        frohe weihnachten; fyi; germany; great; gut; hallo; happy new year; hello; help; heute; hi; hilfe; ja; keine;
        kündigung; merry christmas; mittwoch; moin; monday; montag; morgen; nein; never mind; no; none; nothing; ok;
        okay; passt; perfect; perfekt; please; prima; rechnung; samstag; saturday; schönes wochenende; screenshot;
        sonntag; sorry; sunday; super; test; thank you; thanks; thursday; today; tomorrow; tuesday; urgent;
        vielen dank; wednesday; yes; merci; gracias; grazie; obrigado; obrigada; tack; tak; takk; kiitos; bedankt; sí;
        oui; non; si; não; nee; nej; nei; tal vez; genau; klar; stimmt; danke schön; regards
        """
    )
)
