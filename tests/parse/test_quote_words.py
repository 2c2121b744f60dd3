"""Openers, header blocks and forwards in the languages of the data: as programs write them, and without accents."""

import unicodedata

import pytest

from mailgate.core.mail.mail import Mailbox
from mailgate.parse.body import read_body
from mailgate.parse.quote_line import fold

ABOVE = "Hello Jo,\n\nyes, please restart it on Monday at nine. Thanks for asking."
PLAIN = "Hello Max,\n\nmay we restart the server on Monday?\n\nRegards"
QUOTED = "\n".join(f"> {line}".rstrip() for line in PLAIN.split("\n"))
WHO = "Jo Doe <jo@example.org>"

# From, Sent, To, Subject; the words above a forward (Gmail, Apple), those above an answered mail (Outlook).
WORDS = {
    "de": "Von|Gesendet|An|Betreff|Weitergeleitete Nachricht|Anfang der weitergeleiteten Nachricht:|Ursprüngliche Nachricht",
    "en": "From|Sent|To|Subject|Forwarded message|Begin forwarded message:|Original Message",
    "fr": "De|Envoyé|À|Objet|Message transféré|Début du message réexpédié :|Message d'origine",
    "es": "De|Enviado el|Para|Asunto|Mensaje reenviado|Inicio del mensaje reenviado:|Mensaje original",
    "ca": "De|Enviat|Per a|Assumpte|Missatge reenviat|Inici del missatge reenviat:|Missatge original",
    "gl": "De|Enviado|Para|Asunto|Mensaxe reenviada|Inicio da mensaxe reenviada:|Mensaxe orixinal",
    "pt": "De|Enviada em|Para|Assunto|Mensagem reencaminhada|Início da mensagem reencaminhada:|Mensagem original",
    "it": "Da|Inviato|A|Oggetto|Messaggio inoltrato|Inizio messaggio inoltrato:|Messaggio originale",
    "nl": "Van|Verzonden|Aan|Onderwerp|Doorgestuurd bericht|Begin doorgestuurd bericht:|Oorspronkelijk bericht",
    "sv": "Från|Skickat|Till|Ämne|Vidarebefordrat meddelande|Vidarebefordrat brev:|Ursprungligt meddelande",
    "da": "Fra|Sendt|Til|Emne|Videresendt meddelelse|Start på videresendt besked:|Oprindelig meddelelse",
    "nb": "Fra|Sendt|Til|Emne|Videresendt melding|Videresendt melding:|Opprinnelig melding",
    "fi": "Lähettäjä|Lähetetty|Vastaanottaja|Aihe|Välitetty viesti|Välitetty viesti alkaa:|Alkuperäinen viesti",
    "et": "Saatja|Saadetud|Adressaat|Teema|Edastatud sõnum|Algab edastatud kiri:|Algne sõnum",
    "lv": "No|Nosūtīts|Kam|Tēma|Pārsūtīta ziņa|Pārsūtītās ziņas sākums:|Sākotnējā ziņa",
    "lt": "Nuo|Išsiųsta|Kam|Tema|Persiųstas laiškas|Persiųsto laiško pradžia:|Pradinis laiškas",
    "pl": "Od|Wysłano|Do|Temat|Przekazana wiadomość|Początek przekazywanej wiadomości:|Wiadomość oryginalna",
    "cs": "Od|Odesláno|Komu|Předmět|Přeposlaná zpráva|Začátek přeposílané zprávy:|Původní zpráva",
    "sk": "Od|Odoslané|Komu|Predmet|Preposlaná správa|Začiatok preposlanej správy:|Pôvodná správa",
    "sl": "Od|Poslano|Za|Zadeva|Posredovano sporočilo|Začetek posredovanega sporočila:|Izvirno sporočilo",
    "hr": "Od|Poslano|Prima|Predmet|Proslijeđena poruka|Početak proslijeđene poruke:|Izvorna poruka",
    "sr": "Од|Послато|За|Тема|Прослеђена порука|Почетак прослеђене поруке:|Оригинална порука",
    "srl": "Od|Poslato|Za|Naslov|Prosleđena poruka|Početak prosleđene poruke:|Originalna poruka",
    "hu": "Feladó|Elküldve|Címzett|Tárgy|Továbbított üzenet|Továbbított levél kezdete:|Eredeti üzenet",
    "ro": "De la|Trimis|Către|Subiect|Mesaj redirecționat|Început mesaj redirecționat:|Mesaj original",
    "ru": "От|Отправлено|Кому|Тема|Пересылаемое сообщение|Начало переадресованного сообщения:|Исходное сообщение",
    "uk": "Від|Надіслано|Кому|Тема|Переслане повідомлення|Початок переадресованого повідомлення:|Вихідне повідомлення",
    "bg": "От|Изпратено|До|Относно|Препратено съобщение|Начало на препратеното съобщение:|Оригинално съобщение",
    "el": "Από|Στάλθηκε|Προς|Θέμα|Προωθημένο μήνυμα|Αρχή προωθημένου μηνύματος:|Αρχικό μήνυμα",
    "tr": "Kimden|Gönderildi|Kime|Konu|Yönlendirilmiş ileti|İletilmiş mesajın başlangıcı:|Özgün İleti",
    "vi": "Từ|Đã gửi|Đến|Chủ đề|Thư đã chuyển tiếp|Bắt đầu thư được chuyển tiếp:|Thư gốc",
    "id": "Dari|Dikirim|Kepada|Subjek|Pesan terusan|Mulai pesan yang diteruskan:|Pesan Asli",
    "ms": "Daripada|Dihantar|Kepada|Subjek|Mesej dimajukan|Mulakan mesej dimajukan:|Mesej Asal",
    "th": "จาก|ส่งเมื่อ|ถึง|เรื่อง|ข้อความที่ส่งต่อ|เริ่มข้อความที่ส่งต่อ:|ข้อความต้นฉบับ",
    "ja": "差出人|送信日時|宛先|件名|転送メッセージ|転送されたメッセージ：|元のメッセージ",
    "zh": "发件人|发送时间|收件人|主题|转发的邮件|下面是被转发的邮件：|原始邮件",
    "zt": "寄件者|寄件日期|收件者|主旨|轉寄的郵件|開始轉寄郵件：|原始郵件",
    "ko": "보낸 사람|보낸 날짜|받는 사람|제목|전달된 메일|전달된 메시지:|원본 메시지",
    "he": "מאת|נשלח|אל|נושא|הודעה שהועברה|תחילת ההודעה המועברת:|הודעה מקורית",
    "ar": "من|تم الإرسال|إلى|الموضوع|الرسالة المعاد توجيهها|بدء الرسالة المعاد توجيهها:|الرسالة الأصلية",
    "fa": "از|ارسال|به|موضوع|پیام هدایت‌شده|شروع پیام هدایت‌شده:|پیام اصلی",
    "is": "Frá|Sent|Til|Efni|Áframsend skilaboð|Upphaf áframsendra skilaboða:|Upprunaleg skilaboð",
    "eu": "Nork|Bidalia|Nori|Gaia|Birbidalitako mezua|Hasi birbidalitako mezua:|Jatorrizko mezua",
    "af": "Van|Gestuur|Aan|Onderwerp|Aangestuurde boodskap|Begin aangestuurde boodskap:|Oorspronklike boodskap",
    "hi": "से|भेजा गया|को|विषय|अग्रेषित संदेश|अग्रेषित संदेश शुरू:|मूल संदेश",
}
LANGUAGES = {name: tuple(words.split("|")) for name, words in WORDS.items()}

# {who} is "Jo Doe <jo@example.org>".
OPENERS = [
    "Am 12. März 2026 um 10:15 schrieb Jo Doe <jo@example.org>:",
    "Am Do., 12. März 2026 um 10:15 Uhr schrieb Jo Doe\n<jo@example.org>:",
    "Jo Doe <jo@example.org> schrieb am Do., 12. März 2026, 10:15:",
    "Am 12.03.2026 10:15, schrieb Jo Doe:",
    "Am Donnerstag, den 12.03.2026, 10:15 +0100 schrieb Jo Doe:",
    "Am Thu, 12 Mar 2026 10:15:30 +0100\nschrieb Jo Doe <jo@example.org>:",
    "Jo Doe <jo@example.org> hat am 12. März 2026 um 10:15 geschrieben:",
    "Donnerstag, 12. März 2026, 10:15 +0100 von Jo Doe <jo@example.org>:",
    "Am 12.03.2026 um 10:15 hat Jo Doe <jo@example.org> geschrieben:",
    "On 12.03.2026 at 10:15 Jo Doe wrote:",
    "Am Do, 12. Mär 2026, 10:15, schrieb Jo Doe <jo@example.org>:",
    "On Thursday, March 12th, 2026 at 10:15 AM, Jo Doe <jo@example.org> wrote:",
    "On 12 Mar 2026, 10:15 +0100, Jo Doe <jo@example.org>, wrote:",
    "On Mar 12, 2026, at 10:15 AM, Jo Doe <jo@example.org> wrote:",
    "On Mar 12 2026, at 10:15 am, Jo Doe <jo@example.org> wrote:",
    "On Thu, Mar 12, 2026 at 10:15 AM, Jo Doe <jo@example.org> wrote:",
    "On Thursday, 12 March 2026, 10:15, Jo Doe wrote:",
    "Jo Doe <jo@example.org> wrote (12.03.2026):",
    "On 2026-03-12 10:15, Jo Doe wrote:",
    "On 3/12/2026 10:15 AM, Jo Doe wrote:",
    "On 12/03/2026 10:15, Jo Doe via Support wrote:",
    "On Thu, 12 Mar 2026, Jo Doe wrote:",
    "At 10:15 AM 3/12/2026, Jo Doe wrote:",
    "On Thu, Mar 12, 2026 at 10:15:30AM +0100, Jo Doe wrote:",
    "Jo Doe <jo@example.org> writes:",
    "Jo Doe said the following on 3/12/2026 10:15 AM:",
    "> On Mar 12, 2026, at 10:15 AM, Jo Doe <jo@example.org> wrote:",
    "Jo Doe <jo@example.org> wrote on Thu, 12 Mar 2026 10:15:30 +0100:",
    "Jo Doe wrote on 12/03/2026 10:15:",
    "On 12 March 2026 10:15:30 CET, Jo Doe <jo@example.org> wrote:",
    "2026-03-12 10:15 GMT+01:00 Jo Doe <jo@example.org>:",
    "2026-03-12 10:15 GMT+01:00, Jo Doe <jo@example.org>:",
    '12.03.2026, 10:15, "Jo Doe" <jo@example.org>:',
    'On 12 Mar 2026 10:15, "Jo Doe" <jo@example.org> wrote:',
    'On Mar 12, 2026 10:15 AM, "Jo Doe" <jo@example.org>\nwrote:',
    "In message <12345@example.org>, Jo Doe <jo@example.org> writes",
    "In article <12345@example.org>, Jo Doe <jo@example.org> wrote:",
    "In a message dated 3/12/2026 10:15:30 A.M. Eastern Standard Time, \njo@example.org writes:",
    "on 3/12/26 10:15 AM, Jo Doe at jo@example.org wrote:",
    "Excerpts from Jo Doe's message of March 12, 2026 10:15 am:",
    "Hi, 12 Mar 2026 10:15 Jo Doe <jo@example.org> wrote:",
    "Jo Doe (jo@example.org) wrote:",
    "* Jo Doe (jo@example.org) [260312 10:15]:",
    "Thus spake Jo Doe (jo@example.org):",
    "Jo Doe commented:",
    "According to Jo Doe:",
    "On Thu 12 Mar 2026 at 10:15, Jo Doe <jo@example.org> wrote:",
    "On March 12, 2026 10:15:30 AM GMT+01:00, Jo Doe <jo@example.org> wrote:",
    "On Thursday, March 12, 2026, Jo Doe <jo@example.org> wrote:",
    "On Thu, 2026-03-12 at 10:15 +0100, Jo Doe wrote:",
    "On Mar 12, 2026 at 10:15 AM, <Jo Doe (mailto:jo@example.org)> wrote:",
    "Thursday, March 12, 2026, 10:15:30 AM, you wrote:",
    "Thursday, March 12, 2026, 10:15:30 AM, you wrote:",
    "2026/3/12 Jo Doe <jo@example.org>:",
    "Jo Doe <jo@example.org>, Thu, 12 Mar 2026 10:15:",
    "Le jeu. 12 mars 2026 à 10:15, Jo Doe <jo@example.org> a écrit :",
    "Le 12 mars 2026 à 10:15, Jo Doe <jo@example.org> a écrit :",
    "Le 12/03/2026 à 10:15, Jo Doe a écrit :",
    "Le jeudi 12 mars 2026 à 10:15:30 UTC+1, Jo Doe <jo@example.org> a écrit :",
    "Jo Doe <jo@example.org> a écrit :",
    "Le jeu. 12 mars 2026, 10:15, Jo Doe <jo@example.org> a écrit :",
    "Le 12 mars 2026 10:15:30 GMT+01:00, Jo Doe <jo@example.org> a écrit :",
    "Le jeudi 12 mars 2026, Jo Doe <jo@example.org> a écrit :",
    "Le 12 mars 2026 à 10h15, Jo Doe a écrit :",
    "El jue, 12 mar 2026 a las 10:15, Jo Doe (<jo@example.org>) escribió:",
    "El 12/03/2026 a las 10:15, Jo Doe escribió:",
    "El jueves, 12 de marzo de 2026, Jo Doe <jo@example.org> escribió:",
    "El jueves, 12 de marzo de 2026, 10:15:30 CET, Jo Doe <jo@example.org> escribió:",
    "El 12 de marzo de 2026 10:15:30 CET, Jo Doe <jo@example.org> escribió:",
    "Jo Doe escribió el 12/03/2026 a las 10:15:",
    "2026-03-12 10:15 GMT+01:00 Jo Doe <jo@example.org>:",
    "Missatge de Jo Doe <jo@example.org> del dia dj., 12 de març 2026 a les 10:15:",
    "El 12/3/26 a les 10:15, Jo Doe ha escrit:",
    "O xov, 12 mar 2026 ás 10:15, Jo Doe (<jo@example.org>) escribiu:",
    "Em qui., 12 de mar. de 2026 às 10:15, Jo Doe <jo@example.org>\nescreveu:",
    "Em 12 de mar de 2026, à(s) 10:15, Jo Doe <jo@example.org> escreveu:",
    "Em 12/03/2026 10:15, Jo Doe escreveu:",
    "Jo Doe <jo@example.org> escreveu no dia quinta, 12/03/2026 à(s)\n10:15:",
    "No dia 12/03/2026, às 10:15, Jo Doe <jo@example.org> escreveu:",
    "Em quinta-feira, 12 de março de 2026 10:15:30 BRT, Jo Doe <jo@example.org> escreveu:",
    "A qui., 12 de mar. de 2026, 10:15, Jo Doe <jo@example.org> escreveu:",
    "Às 10:15 de 12/03/2026, Jo Doe escreveu:",
    "Citando Jo Doe <jo@example.org>:",
    "Il giorno gio 12 mar 2026 alle ore 10:15 Jo Doe <jo@example.org> ha scritto:",
    "Il giorno 12 mar 2026, alle ore 10:15, Jo Doe <jo@example.org> ha scritto:",
    "Il gio 12 mar 2026, 10:15 Jo Doe <jo@example.org> ha scritto:",
    "Il giovedì 12 marzo 2026 10:15:30 CET, Jo Doe <jo@example.org> ha scritto:",
    "In data giovedì 12 marzo 2026 10:15:30 CET, Jo Doe ha scritto:",
    "Il 12 Marzo 2026 alle 10:15 Jo Doe <jo@example.org> ha scritto:",
    "Op 12 maart 2026 10:15:30 CET schreef Jo Doe <jo@example.org>:",
    "Jo Doe schreef op 12-03-2026 10:15:",
    "Jo Doe <jo@example.org> schreef op 12 maart 2026 10:15:",
    "Op donderdag 12 maart 2026 10:15:30 CET schreef Jo Doe:",
    'Op 12 mrt 2026 10:15 schreef "Jo Doe" <jo@example.org>:',
    "Den 2026-03-12 kl. 10:15, skrev Jo Doe:",
    "Jo Doe skrev den 2026-03-12 10:15:",
    "Den torsdag 12 mars 2026 10:15:30 CET skrev Jo Doe <jo@example.org>:",
    "Den tor. 12. mar. 2026 kl. 10.15 skrev Jo Doe <jo@example.org>:",
    "Den 12. mar. 2026 kl. 10.15 skrev Jo Doe <jo@example.org>:",
    "Den 12-03-2026 kl. 10:15 skrev Jo Doe:",
    "Jo Doe <jo@example.org> skrev den 12/03/2026 kl. 10.15:",
    "Den torsdag den 12. marts 2026 10.15.30 CET skrev Jo Doe <jo@example.org>:",
    "På torsdag 12. mars 2026 kl. 10:15, skrev Jo Doe <jo@example.org>:",
    "Den torsdag 12. mars 2026 skrev Jo Doe <jo@example.org> følgende:",
    "to 12. maalisk. 2026 klo 10.15 Jo Doe (jo@example.org) kirjoitti:",
    "Jo Doe kirjoitti 12.3.2026 klo 10.15:",
    "Jo Doe <jo@example.org> kirjoitti 12.3.2026 kello 10.15:",
    "12.3.2026 10.15, Jo Doe kirjoitti:",
    "Torstai 12. maaliskuuta 2026 klo 10.15.30 UTC+2 Jo Doe <jo@example.org> kirjoitti:",
    "Þann fim., 12. mar. 2026 kl. 10:15 skrifaði Jo Doe <jo@example.org>:",
    "fim., 12. mar. 2026 kl. 10:15 skrifaði Jo Doe (<jo@example.org>):",
    "Kontakt Jo Doe (<jo@example.org>) kirjutas kuupäeval N, 12. märts 2026 kell 10:15:",
    "Jo Doe kirjutas 12.03.2026 kell 10:15:",
    "12.03.2026 10:15 Jo Doe kirjutas:",
    "Ceturtd., 2026. g. 12. marts, plkst. 10:15 — lietotājs Jo Doe (<jo@example.org>) rakstīja:",
    "2026. gada 12. marts 10:15, Jo Doe <jo@example.org> rakstīja:",
    "ceturtd., 2026. g. 12. marts 10:15 Jo Doe <jo@example.org> rakstīja:",
    "2026-03-12, kt, 10:15 Jo Doe <jo@example.org> rašė:",
    "2026-03-12 10:15, Jo Doe rašė:",
    "kt, 2026-03-12 10:15 Jo Doe <jo@example.org> parašė:",
    "W dniu 12.03.2026 10:15, użytkownik Jo Doe napisał:",
    "Wiadomość napisana przez Jo Doe <jo@example.org> w dniu 12 mar 2026, o godz. 10:15:",
    "W dniu czw., 12.03.2026 o 10:15 Jo Doe <jo@example.org> napisał(a):",
    "Dnia 12 marca 2026 10:15 Jo Doe <jo@example.org> napisał(a):",
    "Dnia 12-03-2026 o godz. 10:15 Jo Doe napisał(a):",
    "Użytkownik Jo Doe napisał:",
    "12 marca 2026 10:15 Jo Doe <jo@example.org> napisał(a):",
    "čt 12. 3. 2026 v 10:15 odesílatel Jo Doe <jo@example.org> napsal:",
    "Dne 12.3.2026 10:15, Jo Doe napsal:",
    "12. 3. 2026 v 10:15, Jo Doe <jo@example.org>:",
    "Dne čtvrtek 12. března 2026 10:15:30 CET, Jo Doe napsal(a):",
    "Dňa 12. 3. 2026 o 10:15 Jo Doe napísal(a):",
    "Dňa 12. marca 2026 10:15:30 CET používateľ Jo Doe <jo@example.org> napísal:",
    "12. 3. 2026 o 10:15, Jo Doe <jo@example.org>:",
    "Dne 12. 03. 26 ob 10:15 je Jo Doe napisal(a):",
    "Jo Doe je 12. 3. 2026 ob 10:15 napisal:",
    "čet, 12. ožu 2026. u 10:15 Jo Doe <jo@example.org> napisao je:",
    "Dana 12.3.2026. u 10:15, Jo Doe je napisao/la:",
    "Dana čet, 12. ožu 2026. 10:15 Jo Doe <jo@example.org> napisao je:",
    "čet, 12. mar 2026. u 10:15 Jo Doe <jo@example.org> je napisao/la:",
    "Дана чет, 12. мар 2026. у 10:15 Jo Doe <jo@example.org> је написао/ла:",
    "чет, 12. мар 2026. у 10:15 Jo Doe <jo@example.org> је написао/ла:",
    "Jo Doe <jo@example.org> ezt írta (időpont: 2026. márc. 12., Cs, 10:15):",
    "2026. 03. 12. 10:15 keltezéssel, Jo Doe írta:",
    "Jo Doe <jo@example.org> írta 2026. márc. 12-én, 10:15 időpontban:",
    "2026. márc. 12., cs, 10:15, Jo Doe <jo@example.org> írta:",
    "2026-03-12 10:15 időpontban Jo Doe ezt írta:",
    "În joi, 12 mar. 2026 la 10:15, Jo Doe <jo@example.org> a scris:",
    "joi, 12 mar. 2026, 10:15 Jo Doe <jo@example.org> a scris:",
    "Pe joi, 12 martie 2026, Jo Doe <jo@example.org> a scris:",
    "La 12.03.2026 10:15, Jo Doe a scris:",
    "În data de joi, 12 mar. 2026 la 10:15, Jo Doe <jo@example.org> a scris:",
    "12 марта 2026 г., в 10:15, Jo Doe <jo@example.org> написал(а):",
    "Четверг, 12 марта 2026, 10:15 +03:00 от Jo Doe <jo@example.org>:",
    "12 марта 2026 г. 10:15 пользователь Jo Doe <jo@example.org> написал:",
    "Вы писали 12 марта 2026 г., 10:15:30:",
    "Вы писали 12 марта 2026 г., 10:15:30:",
    '12.03.2026, 10:15, "Jo Doe" <jo@example.org>:',
    "Четверг, 12 марта 2026 г. Jo Doe <jo@example.org> написал:",
    "В Чт, 12/03/2026 в 10:15 +0300, Jo Doe пишет:",
    "В сообщении от 12 марта 2026 Jo Doe написал(a):",
    "12.03.26 10:15, Jo Doe пише:",
    "12 бер. 2026 р. о 10:15 Jo Doe <jo@example.org> написав(-ла):",
    '12 березня 2026, 10:15:30, від "Jo Doe" <jo@example.org>:',
    "На чт, 12.03.2026 г. в 10:15 Jo Doe <jo@example.org> написа:",
    "На 12.03.26 г. в 10:15, Jo Doe написа:",
    "Jo Doe <jo@example.org> написа на 12 март 2026 г. в 10:15:",
    "Στις 12/3/26 10:15, ο Jo Doe έγραψε:",
    "Στις 12 Μαρ 2026, 10:15, ο χρήστης Jo Doe <jo@example.org> έγραψε:",
    "Την Πέμ, 12 Μαρ 2026 στις 10:15 ο χρήστης Jo Doe <jo@example.org> έγραψε:",
    "Jo Doe <jo@example.org>, 12 Mar 2026 Per, 10:15 tarihinde şunu yazdı:",
    "Jo Doe <jo@example.org> şunları yazdı (12 Mar 2026 10:15):",
    "12.03.2026 10:15 tarihinde Jo Doe yazdı:",
    "12 Mart 2026 Perşembe 10:15 tarihinde Jo Doe <jo@example.org> yazdı:",
    "12 Mart 2026 Perşembe tarihinde Jo Doe <jo@example.org> şöyle yazdı:",
    "Jo Doe yazmış:",
    "Vào Th 5, 12 thg 3, 2026 vào lúc 10:15 Jo Doe <jo@example.org> đã viết:",
    "Vào 10:15, Th 5, 12 thg 3, 2026 Jo Doe <jo@example.org> đã viết:",
    "On 12/03/2026 10:15, Jo Doe đã viết:",
    "Vào ngày 12 thg 3, 2026, lúc 10:15, Jo Doe <jo@example.org> đã viết:",
    "Pada Kam, 12 Mar 2026 pukul 10.15 Jo Doe <jo@example.org> menulis:",
    "Pada tanggal Kam, 12 Mar 2026 pukul 10.15 Jo Doe <jo@example.org> menulis:",
    "Pada 12 Mar 2026, pukul 10.15, Jo Doe <jo@example.org> menulis:",
    "Pada Khamis, 12 Mac 2026 pada 10:15 Jo Doe <jo@example.org> menulis:",
    "Jo Doe <jo@example.org> menulis pada 12/03/26 pukul 10.15:",
    "เมื่อ พฤ. 12 มี.ค. 2026 เวลา 10:15 Jo Doe <jo@example.org> เขียนว่า:",
    "ในวันที่ พฤ. 12 มี.ค. 2026 เวลา 10:15 Jo Doe <jo@example.org> เขียนว่า:",
    "2026/03/12 10:15、Jo Doe <jo@example.org>のメール:",
    "2026/03/12 10:15、Jo Doeのメール:",
    "On 2026/03/12 10:15, Jo Doe wrote:",
    "Jo Doe <jo@example.org>さんが2026年3月12日 10:15に書きました:",
    "2026年3月12日(木) 10:15 Jo Doe さんは書きました:",
    "2026年3月12日木曜日 10:15 Jo Doe <jo@example.org>:",
    "在 2026年3月12日，10:15，Jo Doe <jo@example.org> 写道：",
    "在 2026/3/12 10:15, Jo Doe 写道:",
    '在 2026-03-12 10:15:30，"Jo Doe" <jo@example.org> 写道：',
    'At 2026-03-12 10:15:30, "Jo Doe" <jo@example.org> wrote:',
    "在2026年03月12日 10:15，Jo Doe<jo@example.org> 写道：",
    "Jo Doe <jo@example.org> 於 2026年3月12日 週四 上午10:15寫道：",
    "Jo Doe <jo@example.org> 於 2026年3月12日 上午10:15 寫道：",
    "Jo Doe 於 2026/3/12 10:15 寫道:",
    "2026년 3월 12일 (목) AM 10:15, Jo Doe <jo@example.org>님이 작성:",
    "2026. 3. 12. 오전 10:15, Jo Doe <jo@example.org> 작성:",
    "2026-03-12 오전 10:15에 Jo Doe 이(가) 쓴 글:",
    "בתאריך יום ה׳, 12 במרץ 2026 ב-10:15 מאת Jo Doe <\u200fjo@example.org\u200f>:",
    "ב-12 במרץ 2026, בשעה 10:15, \u200fJo Doe \u200f<jo@example.org> כתב/ה:",
    "ביום ה׳, 12 במרץ 2026 ב-10:15 Jo Doe <jo@example.org> כתב:",
    "\u202bבתאריך יום ה׳, 12 במרץ 2026 ב-10:15 מאת \u202aJo Doe\u202c\u200f <\u202ajo@example.org\u202c\u200f>:\u202c",
    "في الخميس، 12 مارس 2026 في 10:15 ص تمت كتابة ما يلي بواسطة Jo Doe <jo@example.org>:",
    "في 12 مارس 2026، الساعة 10:15، كتب Jo Doe <jo@example.org>:",
    "في خميس، 12 مارس، 2026 في 10:15 ص، كتب Jo Doe <jo@example.org>:",
    "بتاريخ الخميس، 12 مارس 2026 10:15:30 كتب Jo Doe <jo@example.org>:",
    "\u202bفي الخميس، 12 مارس 2026 في 10:15 ص تمت كتابة ما يلي بواسطة \u202aJo Doe\u202c\u200f <\u202ajo@example.org\u202c\u200f>:\u202c",
    "در تاریخ پنجشنبه ۱۲ مارس ۲۰۲۶،\u200f ۱۰:۱۵ Jo Doe <jo@example.org> نوشت:",
    "गुरु, 12 मार्च 2026 को 10:15 am बजे को Jo Doe <jo@example.org> ने लिखा:",
    "गुरु, 12 मार्च 2026 को 10:15 बजे Jo Doe <jo@example.org> ने लिखा:",
    "Jo Doe erabiltzaileak hau idatzi du (2026 mar. 12, og. (10:15)):",
    "Op Do., 12 Mrt. 2026 om 10:15 het Jo Doe <jo@example.org> geskryf:",
]


def block(language, *, colon=":", mark="", bold=""):
    sender, sent, to, subject, *_ = LANGUAGES[language]
    fields = [(sender, WHO), (sent, "12.03.2026 10:15"), (to, "Max <max@example.net>"), (subject, "Restart")]
    return "\n".join(f"{mark}{bold}{name}{colon}{bold} {value}" for name, value in fields)


def read(text, *, is_reply=True, subject="Re: Restart"):
    return read_body(text, None, is_reply=is_reply, subject=subject)


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_an_opener_above_a_marked_quote(opener, gap):
    body = read(f"{ABOVE}{gap}{opener}\n{QUOTED}\n")
    assert body.reply_text == ABOVE


@pytest.mark.parametrize(
    "opener", [text for text in OPENERS if "@" in text and ("10:15" in text) and text[0] not in "*>"]
)
def test_an_opener_above_a_quote_without_marks(opener):
    assert read(f"{ABOVE}\n\n{opener}\n\n{PLAIN}\n").reply_text == ABOVE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "style", [{}, {"colon": " :"}, {"colon": "\uff1a"}, {"bold": "*"}, {"bold": "**"}, {"mark": "> "}]
)
def test_a_header_block_above_an_answered_mail(language, style):
    below = QUOTED if "mark" in style else PLAIN
    assert read(f"{ABOVE}\n\n{block(language, **style)}\n\n{below}").reply_text == ABOVE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_header_block_without_accents_and_with_blank_lines(language):
    text = "".join(char for char in unicodedata.normalize("NFD", block(language)) if not unicodedata.combining(char))
    assert read(f"{ABOVE}\n\n{text}\n\n{PLAIN}").reply_text == ABOVE
    spaced = block(language).replace("\n", "\n\n\n")
    assert read(f"{ABOVE}\n\n{spaced}\n\n{PLAIN}").reply_text == ABOVE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_divider_above_an_answered_mail(language):
    words = LANGUAGES[language][6]
    assert read(f"{ABOVE}\n\n-----{words}-----\n{block(language)}\n\n{PLAIN}").reply_text == ABOVE
    assert read(f"{ABOVE}\n\n-------- {words} --------\n\n{PLAIN}").reply_text == ABOVE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", ["Fwd: Restart", "Restart"])
@pytest.mark.parametrize("form", ["gmail", "apple", "marked", "bold", "outlook"])
def test_a_forward(language, subject, form):
    gmail, apple = LANGUAGES[language][4:6]
    text = {
        "gmail": f"---------- {gmail} ---------\n{block(language)}\n\n\n{PLAIN}",
        "apple": f"{apple}\n\n{block(language)}\n\n{PLAIN}",
        "marked": f"{apple}\n\n{block(language, mark='> ', bold='*')}\n>\n{QUOTED}",
        "bold": f"---------- {gmail} ---------\n{block(language, bold='*')}\n\n{PLAIN}",
        "outlook": f"{block(language)}\n\n{PLAIN}",
    }[form]
    body = read(f"{ABOVE}\n\n{text}", is_reply=False, subject=subject)
    assert body.reply_text == ABOVE
    assert body.forwarded is not None
    assert body.forwarded.author == Mailbox("Jo Doe", "jo@example.org")
    assert (body.forwarded.subject, body.forwarded.text) == ("Restart", PLAIN)


def test_a_forward_of_which_only_the_words_tell():
    body = read(f"Begin forwarded message:\n{PLAIN}", is_reply=False, subject="Fwd: Restart")
    assert (body.forwarded.text, body.reply_text) == (PLAIN, "")


def test_a_divider_in_words_that_nobody_has_listed():
    text = f"{ABOVE}\n\n----- Viestinvaihto aiemmin -----\n{block('fi')}\n\n{PLAIN}"
    assert read(text).reply_text == ABOVE
    alone = f"{ABOVE}\n\n----- Output of the test -----\nall is well"
    assert read(alone).reply_text == alone


def test_a_sender_without_a_verb_needs_a_quote():
    line = "2026/3/12 Jo Doe <jo@example.org>"
    assert read(f"{ABOVE}\n{line}\n\n{QUOTED}").reply_text == ABOVE
    assert line in read(f"{ABOVE}\n{line}\n\nis the one who asked.").reply_text


def test_a_ruling_line_above_a_marked_header_block():
    assert read(f"{ABOVE}\n\n{'_' * 60}\n{block('cs', mark='> ')}\n>\n{QUOTED}").reply_text == ABOVE


@pytest.mark.parametrize(
    "text",
    [
        "Server: web01\nDatum: 12.03.2026\nKontakt: jo@example.org\nFehler: 503",
        "Termin am 12.03.2026 um 10:15 mit Jo Doe (jo@example.org), danke",
        "Bitte legt diese Postfächer an:\njo@example.org\nann@example.org",
        "Begin forwarded message handling in the script, then restart.",
    ],
)
def test_what_an_author_writes_opens_no_quote(text):
    whole = f"{ABOVE}\n\n{text}\n\nIst das möglich?"
    assert read(whole).reply_text == whole
    assert read(whole, is_reply=False, subject="Restart").reply_text == whole


def test_fold():
    assert fold("Wysłano") == "wyslano"
    assert fold("Gönderildi") == "gonderildi"
    assert fold("GRÜSSE, Straße") == "grusse, strasse"
    assert fold("전달된 메일") == "전달된 메일"
