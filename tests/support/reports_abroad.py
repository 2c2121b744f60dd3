"""Delivery reports of our own making in the languages of those who send them."""

from support.report_shape import DAEMON, ORIGINAL, Shape, one

BOTH = (("kim@away.example", None, True), ("lee@away.example", None, True))


def _notice(name: str, subject: str, body: str, expect=None, author: str = DAEMON, action: str = "failed") -> Shape:
    return Shape(name, author, subject, body, expect or one(), action)


ABROAD = (
    _notice(
        "chinese, simplified",
        "邮件投递失败通知",
        "很抱歉，您的邮件无法送达以下收件人：\n\n  kim@away.example\n\n原因：用户不存在\n\n您可以稍后重试。\n",
    ),
    _notice(
        "chinese, sentence",
        "退信通知",
        "您发送给 kim@away.example 的邮件被退回，原因：550 5.1.1 用户不存在。\n",
        one("5.1.1"),
    ),
    _notice(
        "chinese, traditional",
        "無法傳遞的郵件",
        "您的郵件無法傳送給下列收件者:\n\n<kim@away.example>\n\n找不到此使用者。\n",
        author="系統管理員 <postmaster@away.example>",
    ),
    _notice(
        "chinese, qq",
        "系统退信",
        "退信说明\n\n很抱歉您发送的邮件被退回，以下是该邮件的相关信息：\n\n被退回邮件\n  主 题：Your request\n  时 间：2026-03-02\n"
        "无法发送到 kim@away.example\n退信原因：发件人(desk@support.example)域名的信誉不足\n",
        author="PostMaster@away.example",
    ),
    _notice(
        "japanese",
        "メール配信エラー",
        "以下の宛先へメールを配信できませんでした。\n\n<kim@away.example>\n\nユーザーが存在しません。\n",
        author="メール配信システム <MAILER-DAEMON@away.example>",
    ),
    _notice(
        "japanese, mobile",
        "Mail System Error - Returned Mail",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n送信先メールアドレスが見つかりません。\n\n"
        "kim@away.example\n\nメールアドレスをご確認ください。\n",
        author="Mail Administrator <postmaster@away.example>",
    ),
    _notice(
        "korean",
        "메일 전송 실패",
        "아래 수신자에게 메일을 전송하지 못했습니다.\n\n수신자: kim@away.example\n사유: 사용자를 찾을 수 없습니다.\n",
    ),
    _notice(
        "portuguese, brazil",
        "Falha na entrega da mensagem",
        "Sua mensagem não pôde ser entregue a um ou mais destinatários.\n\nOs seguintes endereços falharam:\n\n"
        "  kim@away.example\n    Usuário desconhecido\n  lee@away.example\n    Caixa postal cheia\n",
        BOTH,
    ),
    _notice(
        "portuguese, sentence",
        "Não é possível entregar: Your request",
        "A mensagem enviada para <kim@away.example> não foi entregue: o destinatário não existe.\n",
        author="Microsoft Outlook <postmaster@away.example>",
    ),
    _notice(
        "spanish",
        "No se puede entregar: Your request",
        "Error en la entrega a los siguientes destinatarios o grupos:\n\nkim@away.example\n\nNo se encontró la dirección "
        "que escribió.\n",
        author="Microsoft Outlook <postmaster@away.example>",
    ),
    _notice(
        "spanish, exim",
        "Entrega de correo fallida: devolviendo mensaje al remitente",
        "Este mensaje fue creado automáticamente por el software de correo.\n\nUn mensaje que usted envió no pudo ser "
        "entregado a uno o más de sus destinatarios. Este es un error permanente. Las siguientes direcciones fallaron:\n\n"
        "  kim@away.example\n    550 Usuario desconocido\n",
    ),
    _notice(
        "italian",
        "Mancato recapito: Your request",
        "Impossibile recapitare il messaggio ai seguenti destinatari:\n\nkim@away.example\nIl destinatario non esiste.\n",
        author="postmaster@away.example",
    ),
    _notice(
        "italian, certified",
        "AVVISO DI MANCATA CONSEGNA: Your request",
        'Il giorno 02/03/2026 il messaggio "Your request" proveniente da "desk@support.example"\n'
        'e destinato all\'utente "kim@away.example" non è stato consegnato: indirizzo non valido.\n',
        author="Posta Certificata <posta-certificata@pec.away.example>",
    ),
    _notice(
        "french",
        "Non remis : Your request",
        "Échec de la remise pour ces destinataires ou groupes :\n\nkim@away.example\nL'adresse de messagerie que vous "
        "avez entrée est introuvable.\n",
        author="Microsoft Outlook <postmaster@away.example>",
    ),
    _notice(
        "french, provider",
        "Message non distribué / Undelivered mail",
        "Votre message n'a pas pu être remis à l'adresse suivante :\n\n<kim@away.example>\nBoîte aux lettres pleine.\n",
    ),
    _notice(
        "german, provider",
        "Unzustellbare Nachricht",
        "Ihre Nachricht konnte den folgenden Empfängern nicht zugestellt werden:\n\n  kim@away.example: Postfach voll\n  "
        "lee@away.example: Empfänger unbekannt\n",
        BOTH,
    ),
    _notice(
        "german, sentence",
        "Ihre E-Mail konnte nicht zugestellt werden",
        "Guten Tag,\n\nIhre E-Mail an kim@away.example konnte leider nicht zugestellt werden, da die Adresse nicht "
        "existiert.\n",
        author="Mailsystem <mailsystem@away.example>",
    ),
    _notice(
        "german, delay",
        "Zustellung verzögert: Your request",
        "Ihre Nachricht an folgende Empfänger wurde noch nicht zugestellt:\n\nkim@away.example\n\nEs wird weiterhin "
        "versucht, sie zuzustellen.\n",
        one(permanent=False),
        action="delayed",
    ),
    _notice(
        "russian",
        "Недоставленное сообщение",
        "Это письмо создано автоматически сервером. Ваше письмо не может быть доставлено одному или нескольким "
        "получателям:\n\n  kim@away.example\n    Пользователь не найден\n",
        author="Почтовая система <mailer-daemon@away.example>",
    ),
    _notice(
        "russian, mail.ru",
        "Mail failure.",
        "Это письмо создано автоматически\nсервером Away, отвечать на него не\nнужно.\n\nК сожалению, Ваше письмо не может\n"
        "быть доставлено одному или нескольким\nполучателям:\n\nkim@away.example\nполучатель не существует\n",
    ),
    _notice(
        "dutch",
        "Onbestelbaar: Your request",
        "Uw bericht kon niet worden bezorgd bij de volgende geadresseerden:\n\nkim@away.example\nHet adres is niet gevonden.\n",
    ),
    _notice(
        "polish",
        "Niedostarczona wiadomość",
        "Twoja wiadomość nie mogła zostać dostarczona do następujących adresatów:\n\n<kim@away.example>: nie ma takiego "
        "użytkownika\n",
    ),
    _notice(
        "swedish",
        "Det gick inte att leverera: Your request",
        "Meddelandet kunde inte levereras till följande mottagare:\n\nkim@away.example\nE-postadressen hittades inte.\n",
    ),
    _notice(
        "danish",
        "Kan ikke leveres: Your request",
        "Din meddelelse kunne ikke leveres til følgende modtagere:\n\nkim@away.example\n",
    ),
    _notice(
        "czech",
        "Nedoručitelné: Your request",
        "Zprávu se nepodařilo doručit těmto příjemcům:\n\nkim@away.example\n",
    ),
    _notice(
        "hungarian",
        "Kézbesíthetetlen: Your request",
        "Az üzenetet nem sikerült kézbesíteni a következő címzetteknek:\n\nkim@away.example\n",
    ),
    _notice(
        "turkish",
        "Teslim edilemedi: Your request",
        "İletiniz şu alıcılara teslim edilemedi:\n\nkim@away.example\n",
    ),
    _notice(
        "finnish",
        "Toimitus epäonnistui: Your request",
        "Viestin toimittaminen epäonnistui seuraaville vastaanottajille:\n\nkim@away.example\n",
    ),
    _notice(
        "two languages",
        "Undelivered Mail Returned to Sender / Unzustellbare E-Mail",
        "--- english version below ---\n\nIhre E-Mail konnte nicht zugestellt werden.\n\n<kim@away.example>: unbekannt\n\n"
        "Your e-mail could not be delivered.\n\n<kim@away.example>: unknown\n\n--- Original message ---\n\n" + ORIGINAL,
    ),
)  # fmt: skip
