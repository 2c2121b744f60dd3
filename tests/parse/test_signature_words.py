"""Endings of mails in many languages: closings, phones' marks, legal notes, contact data, and what only looks so."""

import pytest

from mailgate.parse.body import read_body

TEXT = "Hello,\n\nthe server web01 is down since this morning. Please look at it."
QUOTE = "On Thu, Mar 12, 2026 at 10:15 AM Ann Roe <ann@example.org> wrote:\n\n> Hello\n> what is down?\n"


def entries(text):
    return [" ".join(entry.split()) for entry in text.split("|")]


CLOSINGS = entries(
    """
    Mit freundlichen Grüßen| Mit freundlichem Gruß| Freundliche Grüße| Beste Grüße| Viele Grüße| Liebe Grüße|
    Herzliche Grüße| Schöne Grüße| Sonnige Grüße| Mit besten Grüßen| Mfg| MfG| LG| VG| GLG| VLG| BG| SG| Gruß|
    Grüße| Grüßle| Servus| Hochachtungsvoll| mit freundlichen Grüssen| Mit freundlichen Gruessen| Ihr| Ihr Team|
    Dein| Bis bald| Bis dann| Tschüss| Ciao| Alles Gute| Schönen Tag noch| Schönes Wochenende| Einen schönen Tag|
    Besten Dank und Gruß| Danke und Grüße| Danke & Gruß| Vielen Dank und freundliche Grüße| In diesem Sinne|
    Best regards| Kind regards| Regards| Warm regards| Warmest regards| With kind regards|
    Many thanks and kind regards| Best| Best wishes| All the best| Cheers| Sincerely| Sincerely yours|
    Yours sincerely| Yours faithfully| Yours truly| Respectfully| Thanks| Thank you| Thanks in advance|
    Thanks and regards| Thanks & Regards| Thx| Many thanks| Cordially| Take care| Rgds| KR| BR| Brgds| Yours| Love|
    xoxo| Warmly| Talk soon| Have a nice day| Have a great day| Looking forward to hearing from you|
    Have a great weekend| Kindest regards| Thanking you| Peace| God bless| Hugs| Later| Cya| See you|
    Regards from Berlin| Br,| Gratefully| With appreciation| Onwards| Fondly| Faithfully| Cordialement|
    Bien cordialement| Bien à vous| Bien à toi| Sincères salutations| Meilleures salutations|
    Salutations distinguées| Amicalement| Cdlt| Cdt| Bonne journée| Bonne réception| Bonne soirée| À bientôt|
    A bientôt| Respectueusement| Sentiments distingués| Merci d'avance| Merci| Bises| Bisous| Slts| Bàv| Crdlt|
    Merci et bonne journée| Très cordialement| Salutations| Saludos| Un saludo| Saludos cordiales| Atentamente|
    Atte.| Un cordial saludo| Muchas gracias| Gracias| Cordialmente| Un abrazo| Saludos y gracias|
    Reciba un cordial saludo| Gracias y saludos| Slds| Salu2| Besos| Quedo a la espera| Salutacions|
    Salutacions cordials| Atentament| Moltes gràcies| Saúdos| Un saúdo| Atentamente,| Atenciosamente| Att| Att.|
    Cumprimentos| Com os melhores cumprimentos| Melhores cumprimentos| Abraços| Abraço| Obrigado| Obrigada| Grato|
    Grata| Abs| Um abraço| Muito obrigado| Desde já agradeço| Saudações| Beijos| Cumps| Obrigado e cumprimentos|
    Com os meus cumprimentos| Cordiali saluti| Distinti saluti| Saluti| Un saluto| Grazie| Un cordiale saluto|
    Buona giornata| Grazie mille| A presto| Cari saluti| Tanti saluti| Grazie e saluti| Buon lavoro| In fede|
    Saluti cordiali| Un abbraccio| Ringraziando anticipatamente| Porgo cordiali saluti| Met vriendelijke groet|
    Met vriendelijke groeten| Vriendelijke groet| Groeten| Groetjes| Groet| Mvg| Hartelijke groet| Gr| Gr.| Bedankt|
    Alvast bedankt| Dank u| Hoogachtend| M.v.g.| Mvrgr| Met hartelijke groet| Vr. gr.| Tot ziens| Fijne dag|
    Met groet| Dank en groet| Vriendelijke groeten| Beste groeten| Vriendelike groete| Groete|
    Med vänliga hälsningar| Med vänlig hälsning| Vänliga hälsningar| Hälsningar| Mvh| MVH| Vänligen| Hälsning| Tack|
    Tack på förhand| Vänlig hälsning| Bästa hälsningar| Ha det bra| Kram| Kramar| Hälsn| Hej då| Trevlig helg|
    Med vänlig hälsning/Best regards| Allt gott| Med venlig hilsen| Venlig hilsen| Kh| KH| Vh| Hilsen|
    De bedste hilsner| Bedste hilsner| Mange hilsner| Kærlig hilsen| Tak| På forhånd tak| Dbh| Bh| Knus| Mange tak|
    Hilsner| Med venlige hilsner| God weekend| Venligst| Hav en god dag| M.v.h.| Med venlig hilsen / Best regards|
    Med vennlig hilsen| Vennlig hilsen| Beste hilsen| På forhånd takk| Takk| Ha en fin dag| Med hilsen| Vennligst|
    Klem| Beste helsing| Med venleg helsing| Helsing| Hjertelig hilsen| Kveðja| Bestu kveðjur| Með kveðju|
    Kær kveðja| Virðingarfyllst| Takk fyrir| Ystävällisin terveisin| Terveisin| Parhain terveisin| T.| Yst. terv.|
    Kiitos| Kiitos etukäteen| Terv.| Terv| Yt| Ystävällisesti| Kunnioittavasti| Kunnioittaen| Yt.| t:|
    Lämpimin terveisin| Hyvää päivänjatkoa| Lugupidamisega| Parimate soovidega| Tervitades| Heade soovidega| Aitäh|
    Tänan| Parimat| Ar cieņu| Ar sveicieniem| Paldies| Sveicieni| Pagarbiai| Geriausi linkėjimai| Su pagarba| Ačiū|
    Linkėjimai| Dėkoju| Sėkmės| Pozdrawiam| Pozdrawiam serdecznie| Z poważaniem| Z powazaniem| Z wyrazami szacunku|
    Serdecznie pozdrawiam| Pozdrowienia| Łączę wyrazy szacunku| Dziękuję| Z góry dziękuję| Pozdr.| Pzdr|
    Dziękuję i pozdrawiam| Miłego dnia| Pozdrawiam,| Łączę pozdrowienia| S pozdravem| S přátelským pozdravem|
    Děkuji| Zdraví| Hezký den| S úctou| Díky| Předem děkuji| Děkuji a přeji hezký den| Přeji hezký den| Zdravím|
    S pozdravom| Ďakujem| Pekný deň| S priateľským pozdravom| Vopred ďakujem| Pozdravuje| Mějte se| Pěkný den|
    Lep pozdrav| Lepo pozdravljeni| S spoštovanjem| LP| Hvala| Z lepimi pozdravi| Pozdrav| Lijep pozdrav|
    S poštovanjem| Srdačan pozdrav| Unaprijed hvala| Lp| Hvala unaprijed| Srdačno| Sa poštovanjem| Поздрав|
    Срдачан поздрав| С поштовањем| Хвала| Puno pozdrava| Veliki pozdrav| Üdvözlettel| Tisztelettel| Üdv|
    Köszönettel| Köszönöm| Szép napot| További szép napot| Előre is köszönöm| Üdvözlet| Baráti üdvözlettel| Köszi|
    Szia| Cu stimă| Cu respect| O zi bună| Mulțumesc| Toate cele bune| Cu drag| Cu considerație| Vă mulțumesc|
    Cu deosebită stimă| Cele mai bune urări| Salutări| Numai bine| Cu stima| С уважением| С наилучшими пожеланиями|
    Спасибо| Заранее спасибо| Всего доброго| Всего хорошего| С искренним уважением| Благодарю| Хорошего дня|
    З повагою| Дякую| З найкращими побажаннями| Всього найкращого| С уважение| Поздрави| Благодаря| Хубав ден|
    Лек ден| Сердечно| Искренне Ваш| До свидания| С ув.| Με εκτίμηση| Ευχαριστώ| Χαιρετισμούς| Φιλικά|
    Με φιλικούς χαιρετισμούς| Ευχαριστώ πολύ| Με τιμή| Καλή συνέχεια| Saygılarımla| Saygılarımızla| Teşekkürler|
    İyi çalışmalar| İyi günler| Selamlar| Sevgiler| Teşekkür ederim| Kolay gelsin| Sevgilerimle| Agur bero bat|
    Eskerrik asko| Adeitasunez| Trân trọng| Thân ái| Cảm ơn| Trân trọng cảm ơn| Kính thư| Xin cảm ơn| Hormat saya|
    Salam| Terima kasih| Salam hormat| Salam sejahtera| Yang ikhlas| Hormat kami| Yang benar| Sekian, terima kasih|
    ขอแสดงความนับถือ| ขอบคุณครับ| ขอบคุณค่ะ| ด้วยความเคารพ| 敬具| よろしくお願いします。|
    よろしくお願いいたします。| 以上、よろしくお願いいたします。| 宜しくお願い致します。| 以上|
    どうぞよろしくお願いいたします| 此致| 此致敬礼| 敬上| 谢谢| 祝好| 顺颂商祺| 谢谢！| 謝謝| 祝商祺| 敬祝 商祺|
    祝工作顺利| 감사합니다| 감사합니다.| 드림| 안녕히 계세요| בברכה| תודה| בתודה| בכבוד רב| תודה רבה| בברכה,|
    تحياتي| مع التحية| شكرا| مع أطيب التحيات| مع خالص التحية| وتفضلوا بقبول فائق الاحترام| مع الشكر| با احترام|
    با تشکر| ارادتمند| सादर| धन्यवाद| भवदीय| आपका
    """
)
SENT = entries(
    """
    Sent from my iPhone| Sent from my iPad| Sent from my Samsung Galaxy smartphone.| Sent from my Galaxy|
    Sent from my Verizon Wireless BlackBerry| Sent from my BlackBerry® wireless device| Sent from my Windows Phone|
    Sent from Mail for Windows 10| Sent from Mail for Windows| Sent from Yahoo Mail for iPhone|
    Sent from Yahoo Mail on Android| Sent from Outlook| Sent from Outlook for iOS| Sent from my mobile device|
    Sent from my phone| Sent from my mobile, please excuse typos| Sent from a mobile device. Please excuse brevity.|
    Sent from Proton Mail for iOS| Sent from Proton Mail Android| Sent with Proton Mail secure email.|
    Sent with ProtonMail Secure Email.| Sent via the Samsung Galaxy S9, an AT&T 5G smartphone|
    Sent from my T-Mobile 5G Device| Sent via BlackBerry from T-Mobile| Sent from Mailbox| Sent from Mailspring|
    Sent with Spark| Sent from Gmail Mobile| Sent using Zoho Mail| Sent from my Huawei phone| Sent from my Pixel|
    Sent from my Xiaomi| Sent from Nine| Sent from BlueMail| Get BlueMail for Android| Get Outlook for iOS|
    Get Outlook for Android| Get Outlook for Mac| Sent from my iPhone, please excuse any typos|
    Sent from AOL on Android| Sent from the all new AOL app for iOS| Sent from Superhuman| Sent from Front|
    Sent via Superhuman iOS| Sent from HEY| Sent from K-9 Mail|
    Sent from my Android device with K-9 Mail. Please excuse my brevity.|
    Sent from my Android phone with mail.com Mail. Please excuse my brevity.| Sent from Tutanota|
    Sent with Tuta; enjoy secure & ad-free emails:| -- Sent from my Palm Pre| Sent from my HTC| Sent from Polymail|
    Sent with Airmail| Sent from my Nokia phone| Sent from Workspace ONE Boxer| Sent from Apple Mail|
    Sent from myMail for iOS| Sent from Canary| Sent from Newton| Sent by MailMaster| Sent from TypeApp|
    Sent from my iPhone using Tapatalk| Secured with Tuta Mail| Powered by Zimbra| Typed on a tiny keyboard|
    Please excuse brevity, sent from mobile| On the go| Sent from iCloud| Sent from Mac|
    Sent from Rogers Yahoo Mail| from my phone| from my iPhone| (sent from my mobile)| [Sent from my iPhone]|
    Excuse typos - sent from mobile| Von meinem iPhone gesendet| Von meinem iPad gesendet|
    Gesendet von meinem iPhone| Gesendet von iPhone| Gesendet von meinem Samsung Galaxy Smartphone.|
    Gesendet von Mail für Windows 10| Gesendet von Mail für Windows| Gesendet von Outlook für Android|
    Holen Sie sich Outlook für Android| Gesendet mit der WEB.DE Mail App| Gesendet mit der GMX Mail App|
    Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.|
    Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.| Von meinem/meiner Galaxy gesendet|
    Gesendet von meinem Handy| Gesendet von unterwegs| Von unterwegs gesendet| Mobil gesendet|
    Gesendet mit der mobilen Mail App| Gesendet mit der Telekom Mail App| Von meinem Mobilgerät gesendet|
    Von meinem Smartphone gesendet| Von Samsung-Tablet gesendet| Gesendet von Yahoo Mail auf Android|
    Von Yahoo Mail für iPhone gesendet| Gesendet aus der GMX App| Von meinem Xiaomi gesendet|
    Gesendet von Proton Mail| Mit Proton Mail gesendet| Gesendet mit Spark| Vom iPhone gesendet| Vom Handy gesendet|
    Gesendet vom Handy| Gesendet über BlueMail| Mein Handy hat das geschrieben| Envoyé de mon iPhone|
    Envoyé de mon iPad| Envoyé depuis mon mobile Orange| Envoyé depuis mon smartphone Samsung Galaxy.|
    Envoyé à partir d’Outlook pour Android| Envoyé à partir de Outlook pour iOS|
    Provenance : Courrier pour Windows 10| Provenance : Courrier pour Windows| Envoyé de mon appareil Samsung|
    Obtenez Outlook pour iOS| Télécharger Outlook pour Android| Envoyé depuis Yahoo Mail pour Android|
    Envoyé avec Proton Mail| Envoyé depuis l'application Mail Orange| Envoyé de mon téléphone|
    Envoyé avec la messagerie sécurisée Proton Mail.| Envoyé via mon mobile| Depuis mon téléphone|
    Enviado desde mi iPhone| Enviado desde mi iPad| Enviado desde mi dispositivo Samsung|
    Enviado desde Outlook para Android| Enviado desde Correo para Windows 10| Enviado desde Correo para Windows|
    Obtener Outlook para iOS| Obtén Outlook para Android| Enviado desde Yahoo Mail para Android|
    Enviado desde mi teléfono móvil| Enviado con Proton Mail| Enviado desde mi Huawei| Enviat des del meu iPhone|
    Enviado dende o meu iPhone| Enviado de Samsung Mobile| Enviado do meu iPhone| Enviado a partir do meu iPhone|
    Enviado do meu Samsung Galaxy| Enviado do Outlook para Android| Enviado do Email para Windows 10|
    Obter o Outlook para iOS| Obtenha o Outlook para Android| Enviado via iPhone| Enviado do Yahoo Mail no Android|
    Enviado através do meu telemóvel| Enviado pelo meu celular| Enviado de meu smartphone| Inviato da iPhone|
    Inviato dal mio iPhone| Inviato da smartphone Samsung Galaxy.| Inviato da Posta per Windows 10|
    Inviato da Outlook per Android| Scarica Outlook per iOS| Ottieni Outlook per Android|
    Inviato dal mio dispositivo Samsung| Inviato da Yahoo Mail su Android| Inviato da Libero Mail|
    Inviato con Proton Mail| Inviato dal cellulare| Verstuurd vanaf mijn iPhone| Verstuurd vanaf mijn iPad|
    Verzonden vanaf mijn Samsung| Verzonden vanuit Mail voor Windows 10| Verzonden vanuit Outlook|
    Outlook voor Android downloaden| Download Outlook voor iOS| Verzonden vanaf mijn Galaxy|
    Verzonden met Proton Mail| Verstuurd met mijn telefoon| Gestuur vanaf my iPhone| Outlook voor iOS ophalen|
    Skickat från min iPhone| Skickat från min Samsung Galaxy| Skickades från E-post för Windows 10|
    Skaffa Outlook för iOS| Hämta Outlook för Android| Skickat från Outlook| Skickat från min mobil|
    Skickat med Proton Mail| Sendt fra min iPhone| Sendt fra min Galaxy| Sendt fra Mail til Windows 10|
    Sendt fra Outlook til Android| Hent Outlook til iOS| Få Outlook til Android| Sendt fra min mobil|
    Sendt med Proton Mail| Sendt fra E-post for Windows 10| Sendt fra min Samsung Galaxy-smarttelefon.|
    Skaff deg Outlook for iOS| Få Outlook for iOS| Lähetetty iPhonesta| Lähetetty iPadista|
    Lähetetty Samsung Galaxy -älypuhelimesta.| Lähetetty Windowsin Sähköpostista| Hanki Outlook for Android|
    Hanki Outlook for iOS| Lähetetty puhelimestani| Saadetud minu iPhone'ist|
    Saadetud minu Samsung Galaxy nutitelefonist.| Hankige Outlook for iOS| Nosūtīts no mana iPhone|
    Sūtīts no mana iPhone| Wysłane z iPhone'a| Wysłane z iPada| Wysłane z mojego Samsung Galaxy|
    Wysłane z aplikacji Poczta dla systemu Windows 10| Pobierz Outlook dla Android|
    Pobierz aplikację Outlook dla systemu iOS| Wysłano z iPhone'a| Wysłane z telefonu|
    Wysłane z Outlook dla Android| Wysłano z wp.pl| Wysłano za pomocą Proton Mail| Odesláno z iPhonu|
    Odesláno z mobilního telefonu Samsung Galaxy| Odesláno z aplikace Pošta pro Windows 10|
    Získat Outlook pro Android| Stáhnout Outlook pro iOS| Odesláno z mobilu| Posláno z mého iPhonu|
    Odoslané z iPhonu| Odoslané z môjho telefónu| Získať Outlook pre iOS| Poslano iz mojega iPhona|
    Poslano z mojega iPhona| Poslano s mog iPhonea| Poslano s iPhonea| Poslato sa mog iPhone-a|
    Preuzmite Outlook za iOS| Pošiljano iz naprave iPhone| iPhone-ról küldve| Az iPhone-omról küldve|
    Elküldve az iPhone-omról| Küldve a Windows Posta alkalmazásból| Küldve Samsung Mobile-ról|
    Az Outlook beszerzése Androidra| Trimis de pe iPhone-ul meu| Trimis de pe iPhone|
    Trimis din Outlook pentru Android| Descărcați Outlook pentru iOS| Trimis de pe telefonul meu|
    Отправлено с iPhone| Отправлено с моего iPhone| Отправлено из мобильной Почты Mail.ru|
    Отправлено из Яндекс.Почты для мобильных| Отправлено из Почты для Windows 10| Отправлено с Samsung|
    Скачать Outlook для Android| Отправлено с мобильного устройства| Отправлено из myMail для iOS|
    Надіслано з iPhone| Надіслано з мого iPhone| Відправлено з iPhone| Завантажити Outlook для iOS|
    Изпратено от моя iPhone| Изпратено от iPhone| Изтеглете Outlook за Android| Послато са мог iPhone-а|
    Στάλθηκε από το iPhone μου| Εστάλη από το iPhone μου| Αποστολή από το κινητό μου| Λήψη του Outlook για Android|
    iPhone'umdan gönderildi| iPhone'dan gönderildi| Samsung Galaxy akıllı telefonumdan gönderildi.|
    Android için Outlook'u edinin| Windows 10 için Posta ile gönderildi| Nire iPhonetik bidalia|
    Đã gửi từ iPhone của tôi| Gửi từ iPhone của tôi| Tải Outlook cho iOS| Dikirim dari iPhone saya|
    Dikirim dari ponsel saya| Dapatkan Outlook untuk Android| Dikirim dari Yahoo Mail di Android|
    Dihantar dari iPhone saya| ส่งจาก iPhone ของฉัน| ดาวน์โหลด Outlook สำหรับ iOS| iPhoneから送信|
    私のiPhoneから送信| Androidから送信| Outlook for iOS を入手| Windows 版のメールから送信| 从我的iPhone发送|
    发自我的iPhone| 发自我的 iPad| 发自我的华为手机| 从 Windows 版邮件发送| 获取 Outlook for iOS| 從我的iPhone傳送|
    來自我的 iPhone| 寄件自我的 iPhone| 取得 Outlook for Android| 나의 iPhone에서 보냄| 내 iPhone에서 보냄|
    Samsung Galaxy 스마트폰에서 보냈습니다.| iPhone에서 보냄| Android용 Outlook 다운로드| נשלח מה-iPhone שלי|
    נשלח מהטלפון שלי| הורד את Outlook עבור iOS| أُرسلت من الـ iPhone| أرسلت من iPhone الخاص بي| تم الإرسال من هاتفي|
    احصل على Outlook لـ iOS| ارسال شده از iPhone من| मेरे iPhone से भेजा गया
    """
)
NOTES = [
    "This email and any attachments are confidential and may be legally privileged. If you are not the intended recipient, please delete it.",
    "This message contains confidential information and is intended only for the individual named.",
    "CONFIDENTIALITY NOTICE: The contents of this email message and any attachments are intended solely for the addressee(s).",
    "If you have received this communication in error, please notify us immediately by reply e-mail and delete the original.",
    "The information contained in this transmission may contain privileged and confidential information.",
    "Any unauthorized review, use, disclosure or distribution is prohibited.",
    "Please consider the environment before printing this e-mail.",
    "Save a tree - please don't print this e-mail unless you really need to.",
    "This e-mail has been scanned by Symantec.cloud.",
    "This email was scanned by Bitdefender",
    "Registered in England and Wales No. 01234567. Registered office: 1 High Street, London.",
    "Views or opinions presented in this email are solely those of the author.",
    "This communication is for informational purposes only. It is not intended as an offer.",
    "Virus-free. www.avg.com",
    "Click here to unsubscribe.",
    "To unsubscribe, send an email to list-unsubscribe@example.org",
    'You received this message because you are subscribed to the Google Groups "test" group.',
    "The content of this email is confidential and intended for the recipient specified in message only.",
    "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender.",
    "Der Inhalt dieser E-Mail ist vertraulich und ausschließlich für den bezeichneten Adressaten bestimmt.",
    "Diese Nachricht ist vertraulich. Sollten Sie sie irrtümlich erhalten haben, löschen Sie sie bitte.",
    "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken.",
    "Bitte prüfen Sie, ob diese Mail wirklich ausgedruckt werden muss!",
    "Informationen zum Datenschutz finden Sie unter https://www.example.org/datenschutz",
    "Unsere Datenschutzhinweise finden Sie hier: https://www.example.org",
    "Pflichtangaben gemäß § 35a GmbHG: https://www.example.org/impressum",
    "Der Umwelt zuliebe: Bitte überlegen Sie, ob Sie diese Mail ausdrucken müssen.",
    "Diese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.",
    "Falls Sie nicht der beabsichtigte Empfänger sind, löschen Sie bitte diese E-Mail.",
    "Hinweis: Diese E-Mail kann vertrauliche Informationen enthalten.",
    "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de ses destinataires.",
    "Si vous avez reçu ce message par erreur, merci d'en informer l'expéditeur et de le détruire.",
    "Pensez à l'environnement avant d'imprimer ce message.",
    "Ce courriel peut contenir des renseignements confidentiels.",
    "L'absence de virus dans ce courrier électronique a été vérifiée par le logiciel antivirus Avast.",
    "Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario.",
    "Si ha recibido este mensaje por error, le rogamos que lo comunique al remitente y lo borre.",
    "Antes de imprimir este mensaje, piense en el medio ambiente.",
    "Aviso legal: este correo contiene información confidencial.",
    "Libre de virus. www.avast.com",
    "Esta mensagem pode conter informações confidenciais e é destinada exclusivamente ao destinatário.",
    "Se recebeu esta mensagem por engano, por favor elimine-a.",
    "Antes de imprimir este e-mail, pense no meio ambiente.",
    "Questo messaggio e i suoi allegati sono confidenziali e destinati esclusivamente al destinatario.",
    "Le informazioni contenute in questa comunicazione sono riservate.",
    "Prima di stampare questa e-mail pensa all'ambiente.",
    "Se avete ricevuto questo messaggio per errore, vi preghiamo di cancellarlo.",
    "Ai sensi del D.Lgs. 196/2003 e del Regolamento UE 2016/679 (GDPR) si precisa che le informazioni sono riservate.",
    "Mail priva di virus. www.avast.com",
    "Dit bericht is uitsluitend bestemd voor de geadresseerde en kan vertrouwelijke informatie bevatten.",
    "Denk aan het milieu voordat u deze e-mail print.",
    "Aan dit bericht kunnen geen rechten worden ontleend. De informatie in deze e-mail is vertrouwelijk.",
    "Detta e-postmeddelande kan innehålla konfidentiell information och är endast avsett för mottagaren.",
    "Denne e-mail kan indeholde fortrolige oplysninger og er kun beregnet for modtageren.",
    "Denne e-posten kan inneholde konfidensiell informasjon.",
    "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle.",
    "Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
    "Ta wiadomość może zawierać informacje poufne.",
    "Tato zpráva je důvěrná a je určena pouze adresátovi.",
    "Pred tlačou tohto e-mailu zvážte dopad na životné prostredie.",
    "Ez az üzenet bizalmas információkat tartalmazhat.",
    "Acest mesaj este confidențial și destinat exclusiv destinatarului.",
    "Bu e-posta mesajı gizli bilgiler içerebilir.",
]
BLOCKS = [
    "Max Muster\nLeiter IT\n\nMuster GmbH\nAhornallee 4\n12345 Berlin\nTel. +49 30 123456\nmax@muster.example",
    "Jo Doe\nSenior Engineer\nExample Inc.\n+1 555 010 0199",
    "Jo Doe | Senior Engineer | Example Inc. | +1 555 010 0199",
    "Jo Doe\n555-0100",
    "Jo Doe - 713-555-0199.",
    "Jo Doe (555) 555-0100",
    "Jo Doe, x3-1234",
    "Jo\nx31234",
    "Jo Doe\nSoftware Engineer\nhttps://www.example.org\n@jodoe",
    "Jo Doe\nCEO & Founder, Example\nM: +1 555 010 0199 | W: www.example.org",
    "Jo Doe\nT +44 20 7946 0958\nE jo@example.org",
    "*Jo Doe*\n*Example Ltd*\n1 High Street, London SW1A 1AA\nTel: 020 7946 0958",
    "Jo Doe\nGeschäftsführerin\n\nExample UG (haftungsbeschränkt)\nMusterweg 1 | 10115 Berlin\nUSt-IdNr. DE123456789",
    "Jean Dupont\nDirecteur technique\nExample SARL\n12 rue de la Paix\n75002 Paris\nTél. : 01 23 45 67 89",
    "Juan Pérez\nExample S.L.\nC/ Mayor 1, 28013 Madrid\nTfno: 912 345 678",
    "Jan Kowalski\nExample Sp. z o.o.\nul. Prosta 1, 00-001 Warszawa\ntel. 22 123 45 67\nNIP 1234567890",
    "Mario Rossi\nExample S.r.l.\nVia Roma 1\n20121 Milano\nP.IVA 01234567890\nCell. 333 1234567",
    "Jan Jansen\nExample B.V.\nHoofdstraat 1\n1234 AB Amsterdam\nKvK 12345678",
    "The Example Team",
    "- Jo",
    "-- Jo",
    "— Jo",
    "~Jo",
    "//Jo",
    "Jo D.",
    "J. Doe",
    "JD",
]
FOOTERS = [
    "_______________________________________________\nusers mailing list\nusers@lists.example.org\nhttps://lists.example.org/listinfo/users",
    "_______________________________________________\nusers mailing list -- users@lists.example.org\nTo unsubscribe send an email to users-leave@lists.example.org",
    '-- \nYou received this message because you are subscribed to the Google Groups "test" group.\nTo unsubscribe from this group and stop receiving emails from it, send an email to test+unsubscribe@example.org.',
    "---------------------------------------------------------------------\nTo unsubscribe, e-mail: users-unsubscribe@example.org\nFor additional commands, e-mail: users-help@example.org",
    "--\nusers mailing list\nusers@lists.example.org",
    "---\nDiese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.\nhttps://www.avast.com/antivirus",
    "---\nThis email has been checked for viruses by AVG.\nhttps://www.avg.com",
    "—\nReply to this email directly or view it on GitHub.",
]
# What people write, which is nobody's signature.
SAID = [
    "Die Mail wurde vom iPhone gesendet, kam aber nie an.",
    "Ich habe die Nachricht mit Outlook gesendet",
    "Get the new certificate from the portal please",
    "Wir nutzen Outlook für Windows, dort kommt der Fehler.",
    "Bitte behandeln Sie das Passwort vertraulich.",
    "Outlook fragt immer wieder nach dem Passwort",
    "Bitte richten Sie ein Postfach für support@kunde.example ein.",
    "Kann ich die Rechnung irgendwo ausdrucken?",
    "Is your mail confidential, and who is the recipient?",
    "Die Adressen sind:\n\nMusterweg 1\n10115 Berlin",
    "Domains:\n\nkunde.example\nmuster.example",
    "Rufen Sie mich bitte unter 030 1234567 an.",
    "1. Server neu starten\n2. Protokoll schicken\n3. Bescheid geben",
    "Der Grund ist:\n\nTimeout",
    "Wann ist das fertig?",
    "Viele Grüße an das ganze Team, und bitte antworten Sie mir heute noch.",
    "Thanks for the quick answer yesterday, the server is up again.",
    "Danke für die Hilfe",
    "Have a nice day",
    "Salut, ich bin wieder da, bitte den Zugang sperren.",
    "PS: bitte bis Montag.",
    "Error: 503\nServer: web01\nIP: 192.0.2.10",
    "root@web01:~# uptime",
    "Ab Montag gilt:\n\nMax Muster\nmax@kunde.example",
]


def read(text, *, is_reply=False):
    return read_body(text, None, is_reply=is_reply, subject="Re: Server" if is_reply else "Server")


@pytest.mark.parametrize("closing", CLOSINGS)
def test_a_closing_above_a_name(closing):
    assert read(f"{TEXT}\n\n{closing}\nJo").reply_text == TEXT
    assert read(f"{TEXT}\n\n{closing},\nJo Doe\nExample Inc.").reply_text == TEXT
    assert read(f"{TEXT}\n\n{closing}\nJo Doe\n\n{QUOTE}", is_reply=True).reply_text == TEXT


@pytest.mark.parametrize("mark", SENT)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_the_mark_of_a_phone_or_a_program(mark, gap):
    body = read(f"{TEXT}{gap}{mark}")
    assert (body.reply_text, body.signature) == (TEXT, mark)
    assert read(f"{TEXT}{gap}{mark}\n\n{QUOTE}", is_reply=True).reply_text == TEXT


@pytest.mark.parametrize("note", NOTES)
def test_a_legal_note(note):
    assert read(f"{TEXT}\n\n{note}").reply_text == TEXT
    assert read(f"{TEXT}\n\nKind regards\nJo Doe\n\n{note}").reply_text == TEXT


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("gap", ["\n\n", "\n", "\n\nKind regards,\n"])
def test_name_and_contact_data(block, gap):
    body = read(f"{TEXT}{gap}{block}")
    assert body.reply_text == TEXT
    assert body.signature.endswith(block)


@pytest.mark.parametrize("footer", FOOTERS)
def test_what_a_list_or_a_scanner_adds_below_the_quote(footer):
    body = read(f"{TEXT}\n\n-Jo Doe\n\n{QUOTE}\n\n{footer}\n", is_reply=True)
    assert body.reply_text == TEXT
    assert "-Jo Doe" in body.signature
    assert footer.split("\n")[-1] in body.signature


@pytest.mark.parametrize("said", SAID)
def test_what_is_said_at_the_end_is_no_signature(said):
    whole = f"{TEXT}\n\n{said}"
    assert read(whole).reply_text == whole
    assert read(f"{whole}\n\n{QUOTE}", is_reply=True).reply_text == whole


def test_short_words_closed_by_a_short_form():
    body = read("Hej,\n\nDone.\n\nKh\nJo", is_reply=True)
    assert (body.reply_text, body.signature) == ("Hej,\n\nDone.", "Kh\nJo")
