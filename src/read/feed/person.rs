//! People of feeds, as structured elements and as lines of text.

/// A person or an office (Atom person construct, RSS `<author>`, JSON Feed `authors`). At least one part is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The home page, absolute.
    pub url: Option<String>,
    /// Address of a picture of them (JSON Feed `avatar`), absolute.
    pub avatar: Option<String>,
}

impl Person {
    /// Whether nothing is known.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.email.is_none() && self.url.is_none()
    }
}

/// Reads a person from a line: `mail (Name)`, `Name (mail)`, `Name <mail>`, a mail address, a name.
pub(super) fn from_line(line: &str) -> Option<Person> {
    let line = line.trim();
    let mail = line.split(|c: char| c.is_whitespace() || "()<>[],;\"".contains(c)).find_map(|word| {
        let word = word.strip_prefix("mailto:").unwrap_or(word);
        is_mail(word).then(|| word.to_owned())
    });
    let name = match &mail {
        None => line.to_owned(),
        Some(mail) => {
            let rest = line.replacen(mail.as_str(), "", 1).replace("mailto:", "");
            let rest = rest.replace("()", "").replace("<>", "").replace("[]", "");
            let rest = rest.trim().trim_matches(['"', ',', ';', ' ']);
            let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            inner.unwrap_or(rest).trim().to_owned()
        }
    };
    let person = Person { name: Some(name).filter(|name| !name.is_empty()), email: mail, ..Person::default() };
    (!person.is_empty()).then_some(person)
}

/// Whether a word has the form of a mail address.
fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        let host_fits = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        !user.is_empty() && host.contains('.') && host_fits && !host.starts_with('.') && !user.contains('/')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, name: Option<&str>, email: Option<&str>) {
        let person = from_line(line).unwrap_or_default();
        assert_eq!((person.name.as_deref(), person.email.as_deref()), (name, email), "{line}");
    }

    #[test]
    fn lines_are_taken_apart() {
        check("ada@harbour.example (Ada Quay)", Some("Ada Quay"), Some("ada@harbour.example"));
        check("Ada Quay (ada@harbour.example)", Some("Ada Quay"), Some("ada@harbour.example"));
        check("\"Ada Quay\" <ada+x@harbour.example>", Some("Ada Quay"), Some("ada+x@harbour.example"));
        check("mailto:ada@harbour.example", None, Some("ada@harbour.example"));
        check("Ada Quay (Press office)", Some("Ada Quay (Press office)"), None);
        check("Ada @ the quay", Some("Ada @ the quay"), None);
        check("  ", None, None);
    }
}
