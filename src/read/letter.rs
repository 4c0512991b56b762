//! Heads of mails that were saved as text: `From:`, `Sent:`, `To:`, `Subject:` (RFC 5322 §2.2), in the words of many programs.

use serde_json::{Map, Value};

use super::fence::{head, is_blank};
use super::mail;
use super::residue::at_colon;

/// What a line of a head says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    From,
    Sent,
    Subject,
    /// To whom, and by which way.
    Way,
}

impl Name {
    fn of(name: &str) -> Option<Self> {
        Some(match name.trim().trim_matches('*').to_lowercase().as_str() {
            "from" | "von" | "de" | "da" | "van" | "od" | "от" | "发件人" | "寄件者" | "寄件人" | "差出人"
            | "보낸 사람" | "보낸사람" => Self::From,
            "date"
            | "sent"
            | "datum"
            | "gesendet"
            | "envoyé"
            | "enviado"
            | "enviada"
            | "inviato"
            | "data"
            | "fecha"
            | "verzonden"
            | "wysłano"
            | "дата"
            | "отправлено"
            | "日期"
            | "时间"
            | "发送时间"
            | "寄件日期"
            | "送信日時"
            | "日時"
            | "보낸 날짜"
            | "날짜" => Self::Sent,
            "subject" | "betreff" | "objet" | "asunto" | "oggetto" | "assunto" | "onderwerp" | "ämne" | "emne"
            | "temat" | "konu" | "тема" | "主题" | "主題" | "主旨" | "件名" | "제목" => Self::Subject,
            "to"
            | "an"
            | "à"
            | "a"
            | "para"
            | "aan"
            | "til"
            | "till"
            | "do"
            | "кому"
            | "收件人"
            | "收件者"
            | "宛先"
            | "받는 사람"
            | "받는사람"
            | "cc"
            | "cci"
            | "kopie"
            | "копия"
            | "抄送"
            | "副本"
            | "参照"
            | "참조"
            | "bcc"
            | "reply-to"
            | "antwort an"
            | "message-id"
            | "mime-version"
            | "content-type"
            | "content-transfer-encoding"
            | "received"
            | "return-path"
            | "delivered-to"
            | "in-reply-to"
            | "references"
            | "importance"
            | "priority"
            | "wichtigkeit"
            | "priorität"
            | "list-id"
            | "sender"
            | "user-agent"
            | "organization" => Self::Way,
            name if name.starts_with("x-") => Self::Way,
            _ => return None,
        })
    }
}

/// The fields of the head of a mail at the start of a text, by the names of front matter, and the text behind it. `None`: there is
/// none, or not all lines above the first empty one belong to it.
pub(super) fn split(text: &str) -> Option<(Map<String, Value>, &str)> {
    let start = behind_rule(text.trim_start_matches(is_blank));
    let head = head(start);
    let mut fields: Vec<(Name, String)> = Vec::new();
    // Servers write whatever they want beside these.
    let is_sent = head.lines().any(|line| MACHINES.iter().any(|name| is_field(line, name)));
    // Programs keep many mails in one file, each behind such a line.
    let kept = head.lines().next().is_some_and(|line| is_sent && line.starts_with("From ") && !is_field(line, "From"));
    for line in head.lines().skip(usize::from(kept)) {
        if line.starts_with([' ', '\t']) {
            // A long value goes on in the next line (RFC 5322 §2.2.3).
            let (_, value) = fields.last_mut()?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = at_colon(line)?;
        let may_be = |name: &str| is_sent && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let name = Name::of(name).or_else(|| may_be(name).then_some(Name::Way))?;
        fields.push((name, value.trim_matches(|c: char| c.is_whitespace() || c == '*').to_owned()));
    }
    let value = |name: Name| {
        let found = fields.iter().find(|(said, value)| *said == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let (subject, from, sent) = (value(Name::Subject)?, value(Name::From), value(Name::Sent));
    if from.is_none() && (sent.is_none() || fields.len() < 3) {
        return None;
    }
    let (subject, from) = (mail::words(subject), from.map(mail::words));
    let author = from.as_deref().and_then(name_of);
    let said = [("title", Some(about(&subject))), ("author", author), ("date", sent)];
    let said = said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))).collect();
    Some((said, start.get(head.len()..)?))
}

/// Whether a line may be one of the head of a mail.
pub(super) fn is_of_head(line: &str) -> bool {
    at_colon(line).is_some_and(|(name, _)| Name::of(name).is_some())
}

/// What stands behind a line that says that a mail was passed on: "---------- Forwarded message ---------".
pub(super) fn behind_rule(text: &str) -> &str {
    let is_rule = |line: &str| {
        let said = line.trim().trim_matches('-');
        line.starts_with("---") && line.trim_end().ends_with("---") && said.contains(char::is_alphabetic)
    };
    let behind = text.split_once('\n').filter(|(first, _)| is_rule(first)).map(|(_, behind)| behind);
    behind.map_or(text, |behind| behind.trim_start_matches(is_blank))
}

/// Fields of a head that only programs write.
const MACHINES: [&str; 5] = ["Message-ID", "MIME-Version", "Received", "Return-Path", "Content-Type"];

/// Whether a line of a head is that field.
pub(super) fn is_field(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(said, _)| said.eq_ignore_ascii_case(name))
}

/// What a subject is about, without the marks of an answer or of what is passed on.
fn about(subject: &str) -> &str {
    const MARKS: [&str; 12] = ["re", "fw", "fwd", "aw", "wg", "tr", "rv", "sv", "vs", "回复", "答复", "转发"];
    let mut about = subject;
    while let Some((mark, rest)) = at_colon(about)
        && MARKS.contains(&mark.trim().to_lowercase().as_str())
        && !rest.trim().is_empty()
    {
        about = rest.trim();
    }
    about
}

/// The name of who sent a mail, without the address. `None`: there is only that.
fn name_of(from: &str) -> Option<&str> {
    let name = from.split(['<', '[']).next().unwrap_or(from);
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    (!name.is_empty() && !name.contains('@')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_mail_is_told_from_lines_with_labels() {
        let told = |text: &str| {
            let (fields, behind) = split(text)?;
            let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Some([field("title"), field("author"), field("date"), behind.trim().to_owned()])
        };
        let some = |said: [&str; 4]| Some(said.map(str::to_owned));
        assert_eq!(
            told(
                "From: \"Ann Lee\" <ann@quay.example.edu>\nDate: Tue, 10 Mar 2026 09:12:44 +0000\nTo: all@quay.example.edu,\n  staff@quay.example.edu\nSubject: Re: AW: Library closed\n\nDear all,\n"
            ),
            some(["Library closed", "Ann Lee", "Tue, 10 Mar 2026 09:12:44 +0000", "Dear all,"])
        );
        assert_eq!(
            told(
                "Von: Sekretariat\r\nGesendet: Dienstag, 10. März 2026 09:12\r\nAn: Alle\r\nBetreff: Bibliothek\r\n\r\nText\r\n"
            ),
            some(["Bibliothek", "Sekretariat", "Dienstag, 10. März 2026 09:12", "Text"])
        );
        assert_eq!(
            told("发件人：教务处 <jw@quay.example.edu>\n发送时间：2026年3月10日\n主题：选课\n\n各位同学：\n"),
            some(["选课", "教务处", "2026年3月10日", "各位同学："])
        );
        assert_eq!(
            told(
                "From ann@quay.example Tue Mar 10 09:12:44 2026\nReturn-Path: <ann@quay.example>\nDKIM-Signature: v=1; a=rsa\n b=x\nFrom: =?utf-8?Q?Ren=C3=A9e?= <r@quay.example>\nSubject: =?utf-8?B?QVc6IENhZsOp?=\nDate: Tue, 10 Mar 2026 09:12:44 +0000\n\nDear all,\n"
            ),
            some(["Café", "Renée", "Tue, 10 Mar 2026 09:12:44 +0000", "Dear all,"])
        );
        assert_eq!(
            told(
                "---------- Forwarded message ---------\nFrom: Ann Lee <ann@quay.example>\nDate: Tue, Mar 10, 2026 at 9:12 AM\nSubject: Tides\nTo: <all@quay.example>\n\n\nDear all,\n"
            ),
            some(["Tides", "Ann Lee", "Tue, Mar 10, 2026 at 9:12 AM", "Dear all,"])
        );
        for text in [
            "Subject: Opening hours\n\nThe library is open.\n",
            "Subject: Opening hours\nDate: 5 May 2026\n\nThe library is open.\n",
            "From: Monday\nTo: Friday\n\nThe library is open.\n",
            "From: Ann Lee\nSubject: Tides\nThe library is open.\n",
            "From: Ann Lee\nSubject: Tides\nVenue: Old Hall\n\nThe library is open.\n",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
