//! Short values that have a form of their own: language tags, media types, mail addresses, numbers.

/// Whether a text has the form of a language tag (BCP 47 §2.1) with a language of two or three letters.
pub(super) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let alphabetic = language.bytes().all(|byte| byte.is_ascii_alphabetic());
    let named = matches!(language.len(), 2 | 3) || (matches!(language, "i" | "x") && text.len() > 2);
    alphabetic
        && named
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether a text is a media type, perhaps with parameters (RFC 9110 §8.3.1).
pub(super) fn is_media_type(text: &str) -> bool {
    let token = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && !"()<>,;:\\\"/[]?=".contains(c))
    };
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or_default().trim_end();
    let named = essence.split_once('/').is_some_and(|(kind, form)| token(kind) && token(form));
    // A quoted parameter may hold anything; only its name is checked.
    named && parts.all(|part| part.split_once('=').is_some_and(|(name, value)| token(name) && !value.is_empty()))
}

/// Whether a text is a mail address alone (RFC 5322 addr-spec, without its rarities).
pub(super) fn is_mail_address(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    let right = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    !user.is_empty() && user.chars().all(right) && host.split('.').all(label)
}

/// Whether a mail address in angle brackets stands in a text that should be a name.
pub(super) fn holds_mail_address(text: &str) -> bool {
    text.split('<').skip(1).filter_map(|part| part.split_once('>')).any(|(inside, _)| is_mail_address(inside))
}

/// What is wrong with a person of RSS, who goes `mail@host (Name)`.
pub(super) enum PersonFault {
    /// There is no mail address.
    NoMail,
    /// The address is there, the name is not, or they stand in another order.
    Form,
}

/// Checks a person of RSS (RSS 2.0 `<author>`; RSS Advisory Board profile).
pub(super) fn person_fault(text: &str) -> Option<PersonFault> {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let words = || text.split([' ', '<', '>', '(', ')', ',', '"', '?', '\n']).filter(|word| word.contains('@'));
    let mail = words().find(|word| is_mail_address(&word.replace("%20", " ")));
    if mail.is_none() {
        return Some(PersonFault::NoMail);
    }
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let named = rest.starts_with('(') && rest.ends_with(')') && rest.len() > 2;
    (!(is_mail_address(first) && named)).then_some(PersonFault::Form)
}

/// A whole number of at most 18 digits, without sign or fraction.
pub(super) fn whole(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (digits.len() <= 18 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}
