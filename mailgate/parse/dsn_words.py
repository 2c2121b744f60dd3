"""The words by which mail systems tell that a mail was not delivered: data for `dsn_prose`.

All are in lower case with single spaces and straight apostrophes, and are looked for as they stand: no patterns.
"""

from typing import Final

# Local parts that belong to mail systems, never to people (RFC 5321 §4.5.5, and the habits of vendors).
DAEMONS: Final = frozenset(
    {
        "mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "mdaemon", "postmaster",
        "mail.delivery.system", "mail-delivery-system", "mail-delivery", "mail_delivery_system", "bounce", "bounces",
        "bounce-handler", "bouncehandler", "mailadm", "mail-system", "mailsystem", "daemon", "mail-deamon",
        "mailer-deamon", "delivery", "e-mail-daemon", "exchange", "microsoftexchange", "smtp-daemon", "listserv",
        "postmaster-bounce", "nondelivery", "undeliverable", "dsn", "imss", "interscan",
    }
)  # fmt: skip

# The name that no person and no program but a mail system writes under.
MAILER_DAEMONS: Final = (
    "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "mailer-deamon", "mail.delivery.system",
)  # fmt: skip

DAEMON_NAMES: Final = (
    "mail delivery", "mail administrator", "mail system", "mailer-daemon", "mailer daemon", "mail router",
    "delivery subsystem", "delivery system", "delivery service", "internet mail delivery", "system administrator",
    "systemadministrator", "mail server", "mailserver", "jetmail system", "postmaster", "microsoft outlook",
    "microsoft exchange", "complaints", "mailzustellsystem", "mailzustellung", "zustellungs", "mail daemon", "bounce",
    "administrateur système", "amministratore di sistema", "administrador del sistema",
)  # fmt: skip

# A subject that starts so is a report of failure or delay.
FAILED_SUBJECTS: Final = (
    "undelivered mail", "undelivered message", "undeliverable", "undeliverd", "undelivrable", "unzustellbar",
    "nicht zustellbar", "nichtzustellbar", "nicht zugestellt", "unable to deliver", "could not deliver",
    "mail delivery fail", "mail delivery problem", "mail delivery error", "mail delivery warning",
    "mail delivery status", "mail delivery report", "mail delivery system", "mail delivery subsystem",
    "mail delivery delay", "mail delivery", "mail could not be delivered", "message could not be delivered",
    "your message could not be delivered", "your mail could not be delivered", "mail not delivered",
    "message not delivered", "message undeliverable", "mail undeliverable", "email undeliverable",
    "delivery status notification", "delivery failure", "delivery failed", "delivery has failed",
    "delivery notification", "delivery report", "delivery problem", "delivery error", "delivery delayed",
    "delivery delay", "delivery incomplete", "delivery was unsuccessful", "delivery to ", "delayed mail",
    "delayed message", "delayed delivery", "message delayed", "mail delayed", "message delivery fail",
    "message delivery has failed", "message delivery has been delayed", "message delivery delayed", "message status",
    "message you sent", "warning: message", "warning: could not send", "warning - delayed", "warning: e-mail",
    "returned mail", "returned message", "returned to sender", "returning message", "mail returned",
    "message returned", "return to sender", "failure notice", "failure delivery", "failure notification",
    "failed mail", "failed delivery", "failed to deliver", "mail failed", "mail failure", "message failed",
    "message failure", "mail error", "mail system error", "mail system problem", "processing error",
    "permanent delivery failure", "permanent failure", "temporary delivery failure", "non delivery", "non-delivery",
    "nondelivery", "not delivered", "not deliverable", "non remis", "non recapitabile", "bounced mail",
    "bounced message", "bounce notification", "rejected:", "rejected mail", "rejected message", "mail rejected",
    "message rejected", "email rejected", "transient delivery failure", "user unknown", "invalid recipient",
    "address not found", "email delivery fail", "e-mail delivery fail", "email delivery error",
    "zustellung fehlgeschlagen", "zustellfehler", "fehler bei der zustellung", "unzustellbare",
    "ihre nachricht konnte nicht", "ihre e-mail konnte nicht", "ihre mail konnte nicht", "mail konnte nicht",
    "nachricht konnte nicht", "nachricht unzustellbar", "benachrichtigung zum übermittlungsstatus",
    "zustellungsbenachrichtigung", "zustellung verzögert", "zustellungsverzögerung", "verzögerte zustellung",
    "verspätete zustellung", "verzögert:", "rückläufer", "échec de la remise", "échec de remise", "échec d'envoi",
    "echec de", "message non distribué", "message non remis", "avis de non-remise", "notification d'état de remise",
    "notification d'échec", "rapport de non-remise", "courrier non remis", "non remise", "impossible de remettre",
    "no se puede entregar", "no se pudo entregar", "no entregado", "correo no entregado", "mensaje no entregado",
    "error de entrega", "error en la entrega", "fallo en la entrega", "notificación de estado de entrega",
    "notificación de entrega", "mancato recapito", "mancata consegna", "messaggio non recapitato",
    "impossibile recapitare", "notifica sullo stato del recapito", "não entregue", "não foi possível entregar",
    "mensagem não entregue", "falha na entrega", "notificação de status de entrega", "onbestelbaar",
    "niet afgeleverd", "kan niet worden bezorgd", "olevererbart", "ej levererat", "oleverbart", "kan ikke leveres",
    "toimitus epäonnistui", "nie można dostarczyć", "niedostarczon", "nedoručitelné", "kézbesíthetetlen",
    "не доставлено", "недоставленное сообщение", "ваше сообщение не доставлено", "配信不能", "配信エラー",
    "送信エラー", "未送達", "系统退信", "退信", "投递失败", "邮件投递失败", "反送", "無法傳遞", "non recapitato",
    "posta non", "avviso di mancata consegna", "avviso di non accettazione", "entrega de correo fallida",
    "no entregable", "teslim edilemedi", "iletilemedi", "kunne ikke leveres", "det gick inte att leverera",
    "nelze doručit", "nedoručená", "nedoručiteľné", "nelivrabil", "neisporučivo", "не вдалося доставити",
    "недоставлене", "не удалось доставить", "메일 전송 실패", "배달되지 않음", "반송", "未能送达", "无法送达",
    "未傳遞", "配信不可", "メール配信エラー", "не може да бъде доставено", "message you sent blocked",
    "échec de distribution", "echec de distribution", "aviso de no entrega", "mensagem devolvida", "mensaje devuelto",
    "messaggio non consegnato", "발송 실패", "발송실패", "[발송실패", "전송 실패", "메일 발송 실패",
    "zustellbenachrichtigung", "retourmail", "bounce:", "systems bounce", "**message you sent",
)  # fmt: skip

# A subject that ends so is one, too: the original subject stands before it.
FAILED_ENDINGS: Final = ("(delivery failed)", "(failure)", "delivery failed")

SUCCESS_SUBJECTS: Final = (
    "successful mail delivery report", "delivered:", "relayed:", "expanded:", "delivery status notification (success",
    "delivery status notification (relay", "delivery status notification (expan",
    "delivery notification: delivery has been suc", "zugestellt:", "übermittelt:", "return receipt",
    "message delivered", "remis :", "remis:", "entregado:", "consegnato:", "entregue:", "weitergeleitet:",
    "relayed :",
)  # fmt: skip

READ_SUBJECTS: Final = (
    "read:", "not read:", "gelesen:", "nicht gelesen:", "ungelesen:", "deleted:", "gelöscht:", "read receipt",
    "lesebestätigung", "empfangsbestätigung (angezeigt)", "return receipt (displayed)", "lu :", "lu:", "non lu",
    "leído:", "no leído:", "letto:", "non letto:", "lida:", "gelezen:", "disposition notification",
    "accusé de lecture", "confirmación de lectura", "conferma di lettura", "confirmação de leitura",
)  # fmt: skip

READ_WORDS: Final = (
    "was read on", "was displayed", "wurde gelesen", "wurde angezeigt", "gelesen am",
    "was deleted without being read", "wurde ungelesen gelöscht", "no guarantee that the message has been read",
    "keine garantie", "a été lu", "se leyó el", "è stato letto", "opened on", "receipt for the mail",
)  # fmt: skip

FAILED_WORDS: Final = (
    "could not be delivered", "couldn't be delivered", "could not deliver", "couldn't deliver", "cannot be delivered",
    "can not be delivered", "can't be delivered", "wasn't delivered", "was not delivered", "were not delivered",
    "not been delivered", "not yet been delivered", "not be delivered", "not delivered to",
    "not able to be delivered", "unable to deliver", "unable to be delivered", "wasn't able to deliver",
    "not able to deliver", "weren't able to deliver", "were unable to deliver", "failed to deliver",
    "failed to be delivered", "undeliverable", "undelivered", "delivery failed", "delivery has failed",
    "has failed to", "delivery failure", "delivery error", "delivery problem", "delivery to the following",
    "delivery of email", "delivery of the message", "did not reach", "didn't reach", "could not be reached",
    "could not be sent", "couldn't be sent", "could not send", "cannot be sent", "has been returned", "been rejected",
    "was rejected", "were rejected", "rejected recipient", "permanent fatal error", "permanent error",
    "permanent delivery", "transient non-fatal", "delivery errors", "not accepted", "error delivering",
    "error was detected", "error has occurred", "error occurred", "been delayed", "is delayed", "message delayed",
    "still awaiting delivery", "has been postponed", "have delivery notifications", "user unknown", "unknown user",
    "unknown recipient", "no such user", "mailbox unavailable", "action not taken", "failed recipient",
    "recipient not found", "user not found", "mailbox not found", "mailbox disabled", "account disabled",
    "relaying denied", "relay access denied", "mailbox is full", "mailbox full", "mailfolder is full", "over quota",
    "exceeds allowed size", "quota exceeded", "did not receive", "no valid recipients", "invalid final delivery",
    "failed address", "address(es) failed", "addresses failed", "address failed", "giving up",
    "problem with the e-mail address", "trouble delivering", "returned message", "bounced", "message rejected",
    "mail rejected", "may not exist, or you may not have permission", "will continue trying", "delivery attempts",
    "following recipients were affected", "non-delivery report", "delivery status of a message", "final delivery",
    "transcript of session", "account is disabled", "no longer active", "no longer in use", "does not exist",
    "not listed in", "konnte nicht zugestellt", "konnten nicht zugestellt", "nicht zugestellt", "nicht zustellbar",
    "unzustellbar", "konnte nicht übermittelt", "konnte nicht ausgeliefert", "nicht ausgeliefert",
    "zustellung fehlgeschlagen", "fehler bei der zustellung", "zustellung verzögert", "verzögert", "nicht erreicht",
    "empfänger unbekannt", "adressat unbekannt", "fehlgeschlagen", "unbekannter empfänger", "postfach ist voll",
    "n'a pas pu etre", "n'a pas pu être", "n'ont pas pu être", "n'a pas été remis", "impossible de remettre",
    "échec de la remise", "échec", "no pudo ser entregado", "no se pudo entregar", "no se ha podido entregar",
    "no ha podido ser entregado", "no se entregó", "non è stato possibile", "non può essere recapitato",
    "non recapitat", "impossibile recapitare", "não pôde ser entregue", "não foi entregue", "nao pode ser",
    "não foi possível entregar", "kon niet worden", "niet worden afgeleverd", "niet worden bezorgd",
    "kunde inte levereras", "inte levererats", "kunne ikke leveres", "toimittaminen epäonnistui",
    "nie mogła zostać dostarczona", "nie można dostarczyć", "nemohla být doručena", "не может быть доставлено",
    "не доставлено", "не удалось доставить", "не было доставлено", "配信できません", "配信不能", "送信できません",
    "届けることができません", "お届けできません", "エラー", "无法发送", "无法送达", "无法投递", "無法傳送",
    "無法投遞", "被退回", "退回", "teslim edilemedi", "iletilemedi", "sikerült kézbesíteni", "nem kézbesíthető",
    "nepodařilo doručit", "nelze doručit", "nepodarilo doručiť", "nu a putut fi livrat", "nije moguće isporučiti",
    "не вдалося доставити", "не може бути доставлен", "전송하지 못", "배달하지 못", "전송 실패", "반송되었",
    "未能送达", "non è stato consegnato", "pas été distribué", "pas pu être distribué", "posible entregar",
    "foi devolvid", "sido devuelt", "전송에 실패", "발송에 실패", "발송되지 않", "wurde zurückgesandt",
    "unbekannter benutzer", "non consegnat", "no pudo entregar", "destinatario no existe", "no fue entregad",
    "não existe", "n'a pu être", "n'existe pas", "kan ikke leveres", "gick inte att leverera", "inte kunde levereras",
    "konnte leider nicht zugestellt", "zurückgewiesen", "abgewiesen", "bestaat niet", "niet bezorgd", "не существует",
    "не найден", "user is unknown", "mailbox not available", "could not process", "cannot deliver", "can't deliver",
)  # fmt: skip

DELAY_WORDS: Final = (
    "not yet been delivered", "has been delayed", "have been delayed", "been delayed", "is delayed",
    "message delayed", "delivery delayed", "delayed 24 hours", "will continue trying", "will continue to try",
    "continue to retry", "will be retried", "will retry", "delivery attempts will continue", "will keep trying",
    "keep trying", "do not need to resend", "no need to resend", "don't need to resend", "warning message only",
    "has been postponed", "transient non-fatal errors", "still awaiting delivery", "still trying to deliver",
    "noch nicht zugestellt", "zustellung verzögert", "verzögert sich", "wurde verzögert", "weitere zustellversuche",
    "weiterhin versucht", "n'a pas encore été", "a été retardé", "todavía no se ha", "se ha retrasado",
    "non è ancora stato", "ainda não foi entregue", "nog niet afgeleverd", "пока не доставлено",
    "will be attempted again",
)  # fmt: skip

# A line with one of these is about somebody who was reached.
DELIVERED_WORDS: Final = (
    "successfully delivered", "delivered successfully", "successfully relayed", "relayed successfully",
    "erfolgreich zugestellt",
)  # fmt: skip

FINAL_WORDS: Final = (
    "failed permanently", "given up", "giving up", "gave up", "permanent error", "permanent fatal",
    "permanent failure", "no further attempts", "will not be retried", "will not continue trying",
    "not going to try again", "not try again", "been removed from the", "no more attempts", "has expired",
    "endgültig",
)  # fmt: skip

DELAY_SUBJECTS: Final = ("delay", "warning", "verzöger", "retard", "postponed", "temporary", "transient", "verspät")

# Phrases that head the original mail when they stand in a ruled line, or at the end of a notice.
ORIGINAL_HEADS: Final = (
    "original message", "original mail", "original header", "original e-mail", "original email", "message header",
    "message body", "header of the", "headers of the", "copy of the", "copy of your", "copy of message", "a copy of",
    "returned message", "returned mail", "returned text", "unsent message", "undelivered message",
    "undeliverable message", "message follows", "mail follows", "message text follows", "text follows", "old message",
    "source mail", "message reads", "your message follow", "lines of your", "start of returned", "below this line",
    "mensaje original", "message original", "message d'origine", "mensagem original", "messaggio originale",
    "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "kopie der", "kopfzeilen",
    "nachrichtenkopf", "en-têtes", "intestazioni", "encabezados", "cabeçalhos", "原邮件", "原信", "拷贝",
    "元のメール", "オリジナル", "оригинал", "копия", "bounced message", "failed message", "rejected message",
    "message returned",
)  # fmt: skip

# A line with one of these speaks of somebody else than the recipient.
OTHERS: Final = (
    "contact", "assistance", "assist", "questions", "help desk", "helpdesk", "postmaster", "abuse@", "support@",
    "please send", "please forward", "please include", "please reply", "reply to", "administrator", "http:", "https:",
    "mailer-daemon", "on behalf of", "system at host", "if you feel", "for more information", ", try ", "e.g.",
    "kontakt", "wenden sie",
)  # fmt: skip

# The last word before an address that is not the recipient's.
NOT_BEFORE: Final = frozenset(
    {
        "from", "from:", "by", "sender", "sender:", "reply-to:", "subject:", "message-id:", "contact", "cc:", "bcc:",
        "von", "von:", "return-path:", "envelope-from", "envelope-from:", "de:", "expediteur:", "absender",
        "absender:", "x-sender:", "originator:", "references:", "in-reply-to:", "id:", "id", "da:", "van:", "от:",
        "with", "at",
    }
)  # fmt: skip

LABELS: Final = (
    "recipient", "user", "address", "mailbox", "deliver", "error-for", "rcpt", "account", "fail", "empfänger",
    "destinat", "zugestellt", "attempts", "allowed size", "full", "unknown", "rejected", "adress", "undeliverable",
    "адрес", "inbox", "quota",
)  # fmt: skip
