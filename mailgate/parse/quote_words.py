"""How mail programs introduce a quote or a forward, by language. Data; the rules are in the modules beside it.

All entries are in lower case; they are compared without their accents. Languages: German, English, French, Spanish,
Catalan, Galician, Portuguese, Italian, Dutch, Afrikaans, Swedish, Danish, Norwegian, Icelandic, Finnish, Estonian,
Latvian, Lithuanian, Polish, Czech, Slovak, Slovenian, Croatian, Serbian, Hungarian, Romanian, Russian, Ukrainian,
Bulgarian, Greek, Turkish, Basque, Vietnamese, Indonesian, Malay, Thai, Japanese, Chinese, Korean, Hebrew, Arabic,
Persian, Hindi.
"""

# ruff: noqa: RUF001 - letters of thirty languages look alike, and are meant


def phrases(text: str) -> tuple[str, ...]:
    """The entries of a list that is written with semicolons between; `_` at an end stands for a blank."""
    return tuple(" ".join(entry.split()).replace("_", " ") for entry in text.split(";"))


# The verb of "On …, somebody wrote:".
VERBS = phrases(
    """
    schrieb; geschrieben; schreibt; wrote; writes; sent; said; wrote the following; a écrit; a ecrit; écrit; escribió;
    escribio; escribiu; ha escrito; va escriure; ha escrit; escreveu; ha scritto; scrive; scrisse; schreef;
    geschreven; heeft geschreven; skrev; skriver; sendte; kirjoitti; kirjutas; rakstīja; rašė; skrifaði; napisał(a);
    napisał; napisała; pisze; napsal(a); napsal/a; napsal; napsala; napísal(a); napísal; napísala; je napisal;
    je napisala; je napisao; je napisao/la; napisao; napisala; ezt írta; írta; a scris; написал(а); написал; написала;
    пишет; писал(а); писал; писала; пише; написав; написа; έγραψε; yazdı; şunları yazdı; şunu yazdı; đã viết; menulis;
    spake; commented; replied; ha risposto; napisal; napisao je; napisala je; написао; написала је; написао је;
    вы писали; ви писали; parašė; yazmış; şöyle yazdı; geskryf; idatzi du; نوشت; كتبت; ने लिखा; napisana przez
    """
)
# The same in languages that put no space between words, or whose verb stands before the sender.
VERBS_WITHIN = phrases(
    """
    写道; 寫道; 写到; のメール; のメッセージ; は書きました; が書きました; さんが書いた; 님이 작성; 작성; כתב; كتب;
    쓴 글; に書きました; さんは書きました; さんの発言; 님의 말; 님이 쓴; כתבה; تمت كتابة; เขียนว่า; 的来信; 的來信
    """
)

# What such a line starts with, before the date.
INTROS = phrases(
    """
    am; on; at; le; el; il; il giorno; in data; em; no dia; a; op; den; på; w dniu; dnia; dne; dňa; dana; dne:;
    în data de; în; la; pe; ngày; vào; vào lúc; lúc; στις; pada; em data; il dì; on the; in message; in article;
    quoting; zitat von; v; в; на; у; בתאריך; ב; في; dato; kuupäeval; а; -; del; date; o; às; à; дана; pada tanggal;
    την; þann; เมื่อ; ในวันที่; در; در تاریخ; بتاريخ; ביום; 在; missatge de; according to; vào ngày; in a message;
    excerpts from; thus spake
    """
)
# "Quoting X <x@y>:" and the like, which have no verb: the whole line is the sender.
QUOTING = phrases(
    """
    quoting_; zitat von_; zitiere_; citando_; citat från_; citerar_; citát_; cytowanie_; according to_;
    excerpts from_; selon_; según_; secondo_; citation de_; cita de_; citazione di_; citaat van_; citat fra_; цитирую_
    """
)

# Subjects of a sentence: "Am 3. Mai schrieb ich:" introduces no quote by a mail program.
FIRST_PERSON = phrases(
    """
    ich; wir; man; i; we; he; she; they; je; j'ai; nous; yo; jag; ik; wij
    """
)

# The names of header lines that are repeated above a quote or a forward, by the field they stand for.
HEADERS = {
    "from": phrases(
        """
        von; from; absender; de; expéditeur; da; van; från; fra; lähettäjä; saatja; no; nuo; od; odesílatel;
        odosielateľ; feladó; de la; expeditor; от; отправитель; від; от кого; από; kimden; gönderen; từ; dari; 差出人;
        发件人; 寄件者; 寄件人; 보낸 사람; 보낸사람; מאת; من; frá; од; пошиљалац; šalje; шаље; pošiljatelj;
        pošiljalac; siuntėjas; sūtītājs; nadawca; відправник; подател; αποστολέας; người gửi; nork; daripada;
        pengirim; จาก; ผู้ส่ง; 送信者; 发信人; 發信人; 發件人; 寄信人; 发送者; 보낸이; 발신; 발신자; 발신인; المرسل;
        השולח; از; فرستنده; से; प्रेषक; remitente; remetente; remitent; mittente; afzender; avsändare; afsender;
        avsender
        """
    ),
    "date": phrases(
        """
        gesendet; gesendet am; datum; sent; date; envoyé; date d'envoi; enviado; enviado el; fecha; enviada;
        enviada em; enviado em; data; inviato; data invio; verzonden; verzonden op; skickat; datum för sändning;
        sendt; dato; lähetetty; päivämäärä; päiväys; saadetud; wysłano; wysłane; odesláno; odoslané; dátum; elküldve;
        poslano; trimis; дата; отправлено; надіслано; ημερομηνία; στάλθηκε; gönderilme tarihi; gönderildi; tarih;
        ngày; đã gửi; tanggal; dikirim; 送信日時; 日付; 日時; 发送时间; 日期; 寄件日期; 보낸 날짜; 날짜; נשלח; תאריך;
        تاريخ; sent on; date sent; envoyé le; datum odeslání; изпратено; sendedato; kuupäev; enviat; enviat el;
        nosūtīts; datums; išsiųsta; послато; poslato; датум; küldve; küldés ideje; küldés dátuma; küldési idő;
        trimis la; dată; дата отправки; відправлено; изпратено на; дата на изпращане; αποστολή; gönderim tarihi;
        gönderim; gönderilme; ngày gửi; thời gian; dihantar; tarikh; dikirim pada; waktu; ส่งเมื่อ; วันที่; ส่ง;
        送信日; 時間; 时间; 發送時間; 發送日期; 寄件時間; 傳送日期; 보낸시간; 보낸 시간; 작성일; 일시; 발송일;
        تم الإرسال; تاريخ الإرسال; أرسلت; نشرت; נשלח בתאריך; ارسال; ارسال شده; تاریخ; भेजा गया; दिनांक; तारीख;
        dagsetning; gestuur; bidalia; bidaltze-data; data/ora; date/time; datum/tijd; inviata; inviato il; verstuurd;
        fecha de envío; fecha y hora; data de envio; enviada el; envoyé à; saatmisaeg; sendt den; sendt dato;
        skickat den; gesendet um; datum und uhrzeit; data wysłania; poslané; odesláno dne; päivä
        """
    ),
    "to": phrases(
        """
        an; to; empfänger; à; pour; destinataire; para; a; per; aan; till; til; vastaanottaja; saaja; kellele; do;
        komu; címzett; către; за; za; prima; кому; до; προς; kime; alıcı; đến; tới; kepada; 宛先; 收件人; 收件者;
        받는 사람; 받는사람; אל; إلى; destinatario; destinatário; adressaat; kam; adresāts; gavėjas; primalac; прима;
        primatelj; prejemnik; per a; nori; ke; penerima; ถึง; ผู้รับ; به; گیرنده; को; प्राप्तकर्ता; destinatar;
        destinatari; címzettek; παραλήπτης; người nhận; 收信人; 수신; 수신자; 수신인; 받는이; المستلم; المرسل إليه;
        נמען; לכבוד; mottagare; modtager; mottaker; odbiorca; adresat; příjemce; příjemci; príjemca; получатель;
        одержувач; получател; geadresseerde; destinatarios; destinataires; receveur
        """
    ),
    "cc": phrases(
        """
        cc; kopie; kopie an; ce; copie à; copie; copia; cópia; kopia; kopi; kopio; dw; kópia; másolat; копия; копія;
        κοιν; bilgi; 抄送; 副本; 참조; עותק; bcc; blindkopie; cci; koopia; kopija; kopijas; a/c; kp; kk; sk; salinan;
        tembusan; สำเนา; رونوشت; प्रतिलिपि; afrit; másolatot kap; αντίγραφο; κοινοποίηση; đồng gửi; 사본; نسخة;
        نسخة إلى; נעתק; cc/kopie; kopia do; skrytá kopie
        """
    ),
    "subject": phrases(
        """
        betreff; subject; thema; objet; sujet; asunto; assunto; assumpte; oggetto; onderwerp; ämne; emne; aihe; teema;
        temat; předmět; věc; predmet; tárgy; subiect; тема; относно; θέμα; konu; chủ đề; tiêu đề; perihal; subjek;
        件名; 主题; 主旨; 主題; 제목; נושא; الموضوع; re; betr; betrifft; zadeva; naslov; наслов; tēma; temats; efni;
        tajuk; เรื่อง; หัวเรื่อง; หัวข้อ; موضوع; عنوان; विषय; gaia; otsikko; asia; rubrik; 標題; 标题; タイトル; 題名;
        표제; başlık
        """
    ),
    "reply-to": phrases(
        """
        reply-to; reply to; antwort an; antworten an; répondre à; responder a; rispondi a; antwoord aan; svara till;
        svar til; odpowiedz do; odpověď na; ответить
        """
    ),
    "other": phrases(
        """
        wichtigkeit; importance; priorität; priority; anlagen; anhänge; attachments; message-id; organization;
        pièces jointes; importância; importancia; datos adjuntos; allegati; bijlagen; vikt; organisation; sensitivity;
        resent-from; categories; kategorien; when; where; required attendees; list-id; prioridad; prioridade;
        priorité; priorità; prioritet; prioriteit; приоритет; важность; důležitost; ważność; fontosság; önem; 重要度;
        重要性; 优先级; 중요도; załączniki; přílohy; bilagor; vedhæftede filer; вложения; ekler; 添付ファイル; 附件;
        첨부파일; mailing list; followup-to; x-mailer; newsgroups; user-agent; content-type; mime-version;
        return-path; delivered-to; in-reply-to; references; sender; resent-to; resent-date; flag; size
        """
    ),
}

# "-----Original Message-----": the mail that is answered follows (or forwarded, if the subject says so).
ORIGINALS = phrases(
    """
    ursprüngliche nachricht; originalnachricht; original-nachricht; original nachricht; urspr. nachricht;
    ursprüngliche mail; ursprüngliche e-mail; originalmail; original-mail; ursprungsnachricht; original message;
    original e-mail; original email; original mail; original appointment; reply message; replied message; in reply to;
    message d'origine; message d’origine; message original; message initial; mensaje original; missatge original;
    mensagem original; messaggio originale; oorspronkelijk bericht; oorspronkelijke bericht; origineel bericht;
    ursprungligt meddelande; originalmeddelande; oprindelig meddelelse; original meddelelse; oprindelig besked;
    opprinnelig melding; alkuperäinen viesti; originaal kiri; wiadomość oryginalna; oryginalna wiadomość;
    wiadomość pierwotna; původní zpráva; původní e-mail; pôvodná správa; izvirno sporočilo; izvorna poruka;
    eredeti üzenet; mesaj original; mesajul original; исходное сообщение; оригинальное сообщение;
    вихідне повідомлення; оригинално съобщение; αρχικό μήνυμα; orijinal mesaj; orijinal ileti; özgün ileti;
    özgün mesaj; tin nhắn gốc; thư gốc; pesan asli; 元のメッセージ; 元のメール; original message / 元のメッセージ;
    原始邮件; 原始郵件; 邮件原件; 원본 메시지; 원본메시지; הודעה מקורית; الرسالة الأصلية; رسالة أصلية;
    mensaxe orixinal; algne sõnum; algne kiri; algkiri; sākotnējā ziņa; oriģinālā vēstule; pradinis laiškas;
    pradinė žinutė; originalus laiškas; originalna poruka; оригинална порука; изворна порука; upprunaleg skilaboð;
    jatorrizko mezua; oorspronklike boodskap; mesej asal; ข้อความต้นฉบับ; ข้อความเดิม; پیام اصلی; मूल संदेश;
    pôvodný e-mail; pôvodný email; původní email; originální zpráva; izvorno sporočilo; eredeti levél; mesaj inițial;
    початкове повідомлення; оригінальне повідомлення; первоначално съобщение; asıl ileti; ilk mesaj; pesan orisinal;
    原始信件; 元メール; 원문; 원본 메일; ursprungligt mejl; ursprungligt e-postmeddelande; oprindelig mail;
    oprindelig e-mail; opprinnelig e-post; mensagem de origem; e-mail original; email original; messaggio di origine;
    oorspronkelijke e-mail; oorspronkelijke mail; oorspronkelijke boodschap; antwort nachricht; ursprungsmeddelande;
    courriel original; courrier original; e-mail d'origine; reply above this line
    """
)
# "---------- Forwarded message ----------"
FORWARDS = phrases(
    """
    weitergeleitete nachricht; anfang der weitergeleiteten nachricht; anfang der weitergeleiteten e-mail;
    weitergeleitete mail; weitergeleitete e-mail; weitergeleitete email; ursprüngliche nachricht weitergeleitet;
    beginn der weitergeleiteten nachricht; beginn weitergeleitete nachricht; forwarded message;
    begin forwarded message; forwarded mail; begin forwarded mail; begin message forwarded;
    start of forwarded message; forwarded letter; message transféré; message transmis; début du message transféré;
    début du message réexpédié; courriel transféré; mensaje reenviado; inicio del mensaje reenviado;
    comienzo del mensaje reenviado; missatge reenviat; mensagem encaminhada; mensagem reencaminhada;
    início da mensagem encaminhada; início da mensagem reencaminhada; messaggio inoltrato; inizio messaggio inoltrato;
    inizio del messaggio inoltrato; doorgestuurd bericht; begin doorgestuurd bericht; begin van doorgestuurd bericht;
    vidarebefordrat meddelande; vidarebefordrat brev; början på vidarebefordrat brev; vidarebefordrat mejl;
    vidaresänt meddelande; videresendt meddelelse; videresendt besked; start på videresendt besked;
    begynd på videresendt besked; videresendt melding; begynnelse på videresendt melding;
    starten på den videresendte meldingen; edelleenlähetetty viesti; välitetty viesti; välitetty viesti alkaa;
    edastatud kiri; przekazana wiadomość; wiadomość przekazana; wiadomość przekazywana dalej;
    początek przekazywanej wiadomości; treść przekazanej wiadomości; přeposlaná zpráva; předaná zpráva;
    začátek přeposílané zprávy; začátek přeposlané zprávy; preposlaná správa; začiatok preposlanej správy;
    posredovano sporočilo; proslijeđena poruka; továbbított üzenet; továbbított levél; továbbított üzenet kezdete;
    mesaj redirecționat; mesaj redirecţionat; mesaj transmis mai departe; пересылаемое сообщение;
    пересланное сообщение; перенаправленное сообщение; начало переадресованного сообщения;
    начало пересылаемого сообщения; переслане повідомлення; переслано повідомлення; препратено съобщение;
    препратено писмо; προωθημένο μήνυμα; iletilen mesaj; iletilmiş mesaj; iletilen ileti; yönlendirilen ileti;
    yönlendirilmiş ileti; iletilmiş mesajın başlangıcı; thư đã chuyển tiếp; tin nhắn chuyển tiếp; thư chuyển tiếp;
    pesan terusan; pesan yang diteruskan; 転送メッセージ; 転送されたメッセージ; 転送メール; 转发的邮件; 转发邮件信息;
    转发邮件; 被转发的邮件; 轉寄的郵件; 轉寄郵件; 轉寄訊息; 전달된 메일; 전달된 메시지; הודעה שהועברה; הודעה מועברת;
    الرسالة المعاد توجيهها; رسالة معاد توجيهها; بدء الرسالة المعاد توجيهها; بداية الرسالة المعاد توجيهها;
    רישא של הודעה מועברת; תחילת ההודעה המועברת; תחילת הודעה מועברת; תחילת ההודעה שהועברה; inici del missatge reenviat;
    mensaxe reenviada; inicio da mensaxe reenviada; påbörja det vidarebefordrade meddelandet;
    början på det vidarebefordrade meddelandet; börja vidarebefordrat brev; vidarebefordrat e-postmeddelande;
    begyndelse på videresendt besked; videresendt mail; videresendt e-mail; videresendt e-post;
    start på videresendt melding; begynnelsen på videresendt melding; áframsend skilaboð;
    upphaf áframsendra skilaboða; välitetyn viestin alku; edelleenlähetetyn viestin alku; edelleen lähetetty viesti;
    edastatud sõnum; algab edastatud kiri; edasisaadetud kiri; algab edasisaadetud kiri; edastatud kirja algus;
    pārsūtīta ziņa; pārsūtītā ziņa; pārsūtītās ziņas sākums; pārsūtīta vēstule; persiųstas laiškas; persiųsta žinutė;
    persiųsto laiško pradžia; persiųstas pranešimas; wiadomość przesłana dalej; początek przekazanej wiadomości;
    początek wiadomości przekazywanej dalej; přeposlaný e-mail; přeposlaný email; předávaná zpráva;
    začátek předávané zprávy; začiatok preposielanej správy; preposlaný e-mail; začetek posredovanega sporočila;
    posredovano pismo; prosljeđena poruka; prosleđena poruka; прослеђена порука; početak proslijeđene poruke;
    početak prosleđene poruke; почетак прослеђене поруке; započni proslijeđenu poruku; továbbított levél kezdete;
    továbbított email; továbbított e-mail; a továbbított levél kezdete; a továbbított üzenet kezdete; mesaj retrimis;
    început mesaj redirecționat; începutul mesajului redirecționat; mesaj trimis mai departe;
    переадресованное сообщение; переадресованное письмо; пересланное письмо; начало пересланного сообщения;
    початок переадресованого повідомлення; початок пересланого повідомлення; переадресоване повідомлення;
    пересланий лист; начало на препратеното съобщение; начало на препратено съобщение; αρχή προωθημένου μηνύματος;
    έναρξη προωθημένου μηνύματος; iletilen e-posta; iletilmiş ileti; iletilen iletinin başlangıcı;
    iletilen ileti başlangıcı; yönlendirilen mesaj; yönlendirilmiş mesaj; birbidalitako mezua;
    hasi birbidalitako mezua; aangestuurde boodskap; begin aangestuurde boodskap; bắt đầu thư được chuyển tiếp;
    bắt đầu tin nhắn được chuyển tiếp; tin nhắn đã chuyển tiếp; thư được chuyển tiếp; mulai pesan yang diteruskan;
    awal pesan yang diteruskan; pesan diteruskan; mesej dimajukan; mesej yang dimajukan; mulakan mesej dimajukan;
    ข้อความที่ส่งต่อ; เริ่มข้อความที่ส่งต่อ; เริ่มส่งต่อข้อความ; پیام هدایت‌شده; شروع پیام هدایت‌شده; پیام ارسال‌شده;
    پیام بازارسال شده; अग्रेषित संदेश; अग्रेषित संदेश शुरू; 以下は転送されたメッセージです; 転送されたメール;
    転送開始; 下面是被转发的邮件; 开始转发的邮件; 转发的消息; 以下是转发的邮件; 開始轉寄郵件; 轉寄的訊息;
    以下是轉寄的郵件; 以下為轉寄郵件; 전달된 메세지; 전달받은 메일; 전달 메일; 전달된 메시지 시작; courriel réexpédié;
    message réexpédié; début du courriel réexpédié; début du courriel transféré; mail transféré; e-mail transféré;
    correo reenviado; comienzo del correo reenviado; e-mail encaminhado; email encaminhado; e-mail inoltrata;
    mail inoltrata; inizio e-mail inoltrata; doorgestuurde e-mail; doorgestuurde mail; begin doorgestuurde e-mail;
    begin van het doorgestuurde bericht; forwarded email; forwarded e-mail; begin forwarded email; fwd message
    """
)
# "----- Forwarded by X on 01.02.2003 -----": these start the line, a name follows.
FORWARDS_BY = phrases(
    """
    forwarded by_; forwarded message from_; weitergeleitet von_; weitergeleitete nachricht von_; fwd by_;
    message transféré de_; transféré par_; mensaje reenviado de_; reenviado por_; mensagem encaminhada de_;
    encaminhado por_; messaggio inoltrato da_; inoltrato da_; doorgestuurd door_; doorgestuurd bericht van_;
    vidarebefordrat av_; vidarebefordrat meddelande från_; videresendt av_; videresendt af_; przekazane przez_;
    wiadomość przekazana od_; přeposláno od_; переслано_; forwarded mail from_; forwarded with_
    """
)
ORIGINALS_BY = phrases(
    """
    message from_; nachricht von_; message de_; mensaje de_; messaggio da_; bericht van_; antwort von_
    """
)
FORWARD_ENDS = phrases(
    """
    end forwarded message; end of forwarded message; ende der weitergeleiteten nachricht;
    ende der weitergeleiteten e-mail; fin du message transféré; fin del mensaje reenviado;
    fim da mensagem encaminhada; fine messaggio inoltrato; end of forwarded mail; end forwarded mail;
    ende weitergeleitete nachricht; fin du message réexpédié; fim da mensagem reencaminhada;
    fine del messaggio inoltrato; einde doorgestuurd bericht; einde van doorgestuurd bericht;
    slut på vidarebefordrat meddelande; slut på videresendt meddelelse; slutt på videresendt melding;
    koniec przekazywanej wiadomości; koniec przekazanej wiadomości; konec přeposlané zprávy; välitetty viesti päättyy;
    конец пересылаемого сообщения; конец пересланного сообщения; кінець пересланого повідомлення
    """
)

# Stems of the word "forwarded": of a drawn line in other words than those above they tell a forward.
FORWARD_STEMS = phrases(
    """
    forward; fwd; weitergel; weiterl; transfer; transmis; reexped; reenvi; encaminh; inoltr; doorgest; doorgez;
    aangestuur; vidarebef; vidaresan; videresend; aframsend; valitet; edelleen; edasta; parsut; persiu; przekaz;
    przesyl; prepos; preposl; posredov; proslij; prosled; proslje; tovabb; redirec; retrimis; пересл; пересыл;
    переадр; прослеђ; прослед; препрат; προωθ; ilet; yonlendir; birbidal; chuyen tiep; terus; dimaju; ส่งต่อ; 転送;
    转发; 轉寄; 轉發; 전달; הועבר; מועבר; توجيه; هدایت; अग्रेषित
    """
)

# What programs put before the subject of an answer or a forward (RFC 5322 §3.6.5 knows only "Re: ").
REPLY_PREFIXES = phrases(
    """
    re; aw; antw; antwort; sv; vs; rif; res; r; odp; vá; vast; ynt; yanıt; atb; 回复; 回覆; 答复; 返信; 답장; отв;
    ответ; απ; σχετ; bls; trả lời; re-; sv-; rép; odg; одг; отг; השב; תגובה; رد; پاسخ; ตอบ; ตอบกลับ; atsakymas; ats;
    aw-; 回信; 答覆; respuesta; rsp; risp
    """
)
FORWARD_PREFIXES = phrases(
    """
    fwd; fw; wg; weiterl; weitergeleitet; tr; rv; i; enc; vb; vl; doorst; pd; vs; továbbítás; tov; пересл; fwd-; rvs;
    reenviado; mensagem encaminhada; 转发; 轉寄; 転送; 전달; ilt; πρθ; προώθ; trs; inoltro; videresendt; přeposláno;
    předáno; пер; прп; препр; fs; fwd.; fw-; i̇lt; yönl; proslj; reenv; 轉發; 转寄; הועבר; إعادة توجيه; ส่งต่อ;
    persiųsta; pers; pārs; tvl; edasi; välitetty; weitergel
    """
)
