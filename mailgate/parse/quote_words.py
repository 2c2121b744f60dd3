"""How mail programs introduce a quote or a forward, by language. Data; the rules are in the modules beside it.

All entries are in lower case. Languages: German, English, French, Spanish, Catalan, Galician, Portuguese, Italian,
Dutch, Swedish, Danish, Norwegian, Finnish, Estonian, Latvian, Lithuanian, Polish, Czech, Slovak, Slovenian, Croatian,
Hungarian, Romanian, Russian, Ukrainian, Bulgarian, Greek, Turkish, Vietnamese, Indonesian, Japanese, Chinese,
Korean, Hebrew, Arabic.
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
    geschreven; heeft geschreven; skrev; skriver; sendte; kirjoitti; kirjutas; rakstīja; rašė; skrifaði;
    napisał(a); napisał;
    napisała; pisze; napsal(a); napsal/a; napsal; napsala; napísal(a); napísal; napísala; je napisal; je napisala;
    je napisao; je napisao/la; napisao; napisala; ezt írta; írta; a scris; написал(а); написал; написала; пишет;
    писал(а); писал; писала; пише; написав; написа; έγραψε; yazdı; şunları yazdı; şunu yazdı; đã viết; menulis;
    je napisao(la); napisao(la)
    """
)
# The same in languages that put no space between words, or whose verb stands before the sender.
VERBS_WITHIN = phrases(
    """
    写道; 寫道; 写到; のメール; のメッセージ; は書きました; が書きました; さんが書いた; 님이 작성; 작성; כתב; كتب
    """
)

# What such a line starts with, before the date.
INTROS = phrases(
    """
    am; on; at; le; el; il; il giorno; in data; em; no dia; a; op; den; på; w dniu; dnia; dne; dňa; dana; dne:;
    în data de; în; la; pe; ngày; vào; vào lúc; lúc; στις; pada; em data; il dì; on the; in message; in article;
    quoting; zitat von; v; в; на; у; בתאריך; ב; في; dato; kuupäeval; а; -; del; date
    """
)
# "Quoting X <x@y>:" and the like, which have no verb: the whole line is the sender.
QUOTING = phrases(
    """
    quoting_; zitat von_; zitiere_; citando_; citat från_; citerar_; citát_; cytowanie_
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
        发件人; 寄件者; 寄件人; 보낸 사람; 보낸사람; מאת; من
        """
    ),
    "date": phrases(
        """
        gesendet; gesendet am; datum; sent; date; envoyé; date d'envoi; enviado; enviado el; fecha; enviada;
        enviada em; enviado em; data; inviato; data invio; verzonden; verzonden op; skickat; datum för sändning;
        sendt; dato; lähetetty; päivämäärä; päiväys; saadetud; wysłano; wysłane; odesláno; odoslané; dátum; elküldve;
        poslano; trimis; дата; отправлено; надіслано; ημερομηνία; στάλθηκε; gönderilme tarihi; gönderildi; tarih;
        ngày; đã gửi; tanggal; dikirim; 送信日時; 日付; 日時; 发送时间; 日期; 寄件日期; 보낸 날짜; 날짜; נשלח; תאריך;
        تاريخ; sent on; date sent; envoyé le; datum odeslání; изпратено; sendedato; kuupäev
        """
    ),
    "to": phrases(
        """
        an; to; empfänger; à; pour; destinataire; para; a; per; aan; till; til; vastaanottaja; saaja; kellele; do;
        komu; címzett; către; за; za; prima; кому; до; προς; kime; alıcı; đến; tới; kepada; 宛先; 收件人; 收件者;
        받는 사람; 받는사람; אל; إلى; destinatario; destinatário
        """
    ),
    "cc": phrases(
        """
        cc; kopie; kopie an; ce; copie à; copie; copia; cópia; kopia; kopi; kopio; dw; kópia; másolat; копия; копія;
        κοιν; bilgi; 抄送; 副本; 참조; עותק; bcc; blindkopie; cci
        """
    ),
    "subject": phrases(
        """
        betreff; subject; thema; objet; sujet; asunto; assunto; assumpte; oggetto; onderwerp; ämne; emne; aihe; teema;
        temat; předmět; věc; predmet; tárgy; subiect; тема; относно; θέμα; konu; chủ đề; tiêu đề; perihal; subjek;
        件名; 主题; 主旨; 主題; 제목; נושא; الموضوع; re; betr; betrifft
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
        resent-from; categories; kategorien; when; where; required attendees; list-id
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
    özgün mesaj; tin nhắn gốc; thư gốc; pesan asli; 元のメッセージ; original message / 元のメッセージ; 原始邮件;
    原始郵件; 邮件原件; 원본 메시지; 원본메시지; הודעה מקורית; الرسالة الأصلية
    """
)
# "---------- Forwarded message ----------"
FORWARDS = phrases(
    """
    weitergeleitete nachricht; anfang der weitergeleiteten nachricht; anfang der weitergeleiteten e-mail;
    weitergeleitete mail; weitergeleitete e-mail; weitergeleitete email; ursprüngliche nachricht weitergeleitet;
    beginn der weitergeleiteten nachricht; forwarded message; begin forwarded message; forwarded mail;
    begin forwarded mail; begin message forwarded; start of forwarded message; forwarded letter; message transféré;
    message transmis; début du message transféré; début du message réexpédié; courriel transféré; mensaje reenviado;
    inicio del mensaje reenviado; comienzo del mensaje reenviado; missatge reenviat; mensagem encaminhada;
    mensagem reencaminhada; início da mensagem encaminhada; início da mensagem reencaminhada; messaggio inoltrato;
    inizio messaggio inoltrato; inizio del messaggio inoltrato; doorgestuurd bericht; begin doorgestuurd bericht;
    begin van doorgestuurd bericht; vidarebefordrat meddelande; vidarebefordrat brev; början på vidarebefordrat brev;
    vidarebefordrat mejl; vidaresänt meddelande; videresendt meddelelse; videresendt besked;
    start på videresendt besked; begynd på videresendt besked; videresendt melding; begynnelse på videresendt melding;
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
    الرسالة المعاد توجيهها
    """
)
# "----- Forwarded by X on 01.02.2003 -----": these start the line, a name follows.
FORWARDS_BY = phrases(
    """
    forwarded by_; forwarded message from_; weitergeleitet von_; weitergeleitete nachricht von_; fwd by_
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
    fim da mensagem encaminhada; fine messaggio inoltrato
    """
)

# What programs put before the subject of an answer or a forward (RFC 5322 §3.6.5 knows only "Re: ").
REPLY_PREFIXES = phrases(
    """
    re; aw; antw; antwort; sv; vs; rif; res; r; odp; vá; vast; ynt; yanıt; atb; 回复; 回覆; 答复; 返信; 답장;
    отв; ответ; απ; σχετ; bls; trả lời; re-; sv-
    """
)
FORWARD_PREFIXES = phrases(
    """
    fwd; fw; wg; weiterl; weitergeleitet; tr; rv; i; enc; vb; vl; doorst; pd; vs; továbbítás; tov; пересл; fwd-;
    rvs; reenviado; mensagem encaminhada; 转发; 轉寄; 転送; 전달; ilt; πρθ; προώθ; trs; inoltro; videresendt;
    přeposláno; předáno; пер; прп
    """
)
