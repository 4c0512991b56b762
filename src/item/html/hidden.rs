//! Addresses of mail that a proxy has hidden from programs, and its script shows to people.

/// What stands before a hidden address in the address of a link.
const PROTECTED: &str = "/cdn-cgi/l/email-protection#";

/// The address of mail that is hidden in hexadecimal digits, each byte but the first XOR the first. `None`: there is none in them.
pub(super) fn mail(digits: &str) -> Option<String> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Vec<u8> = bytes.collect::<Option<_>>().filter(|_| rest.is_empty())?;
    let (key, hidden) = bytes.split_first()?;
    let told = String::from_utf8(hidden.iter().map(|byte| byte ^ key).collect()).ok()?;
    let (name, host) = told.split_once('@')?;
    let is_fit = |part: &str| !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control());
    (is_fit(name) && is_fit(host)).then_some(told)
}

/// Where a link leads whose address is hidden so, as a `mailto:` address. `None`: it is not.
pub(super) fn link(href: &str) -> Option<String> {
    let (_, digits) = href.split_once(PROTECTED)?;
    Some(format!("mailto:{}", mail(digits)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_told() {
        let hide =
            |address: &str| address.bytes().fold("5a".to_owned(), |told, byte| format!("{told}{:02x}", byte ^ 0x5a));
        let address = "tide@pier.example";
        assert_eq!(mail(&hide(address)).as_deref(), Some(address));
        let href = format!("https://a.example/cdn-cgi/l/email-protection#{}", hide("tide@pier.example?subject=Ferry"));
        assert_eq!(link(&href).as_deref(), Some("mailto:tide@pier.example?subject=Ferry"));
        for wrong in ["", "5", "5a", "zz00", &hide("no address"), &hide("two words@pier.example"), &hide("@a"), "5aff@"]
        {
            assert_eq!(mail(wrong), None, "{wrong}");
        }
        assert_eq!(link("https://a.example/#5a"), None);
    }
}
