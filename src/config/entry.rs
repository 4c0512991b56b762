//! Reads one entry of a section: a text, a number, yes or no, or a list.

use std::fmt;

use super::file::{Origin, Section, Value};
use super::value::{self, Fault};
use super::{Reader, Reported};

impl Reader<'_> {
    /// A text that must be there or has a default.
    pub(super) fn text<T>(
        &mut self,
        section: &Section,
        name: &str,
        check: impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<T, Reported> {
        if let Some(value) = self.optional(section, name, check)? {
            return Ok(value);
        }
        if !section.incomplete {
            let message = format!("{} has no `{name}`", section.table.header());
            self.report(&section.origin, Fault::new(message, format!("add {name} = \"…\"")));
        }
        Err(Reported)
    }

    /// A text. `None`: it is not written and has no default.
    pub(super) fn optional<T>(
        &mut self,
        section: &Section,
        name: &str,
        check: impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<Option<T>, Reported> {
        let Some(entry) = section.entry(name) else { return Ok(None) };
        match &entry.value {
            Some(Value::Text(text)) => check(text).map(Some).map_err(|fault| self.report(&entry.origin, fault)),
            _ => Err(Reported),
        }
    }

    /// A number of items. `None`: it is not written and has no default.
    pub(super) fn count(&mut self, section: &Section, name: &str) -> Result<Option<usize>, Reported> {
        self.number(section, name, value::count)
    }

    /// A number. `None`: it is not written and has no default.
    pub(super) fn number(
        &mut self,
        section: &Section,
        name: &str,
        check: impl Fn(i64) -> Result<usize, Fault>,
    ) -> Result<Option<usize>, Reported> {
        let Some(entry) = section.entry(name) else { return Ok(None) };
        match &entry.value {
            Some(Value::Integer(number)) => check(*number).map(Some).map_err(|fault| {
                // One that is too large for the type is told as it is written.
                let told = number.to_string();
                let message = match self.written.text_at(&entry.origin).filter(|_| *number == i64::MAX) {
                    Some(written) => fault.message.replacen(&told, written, 1),
                    None => fault.message,
                };
                self.report(&entry.origin, Fault { message, ..fault })
            }),
            _ => Err(Reported),
        }
    }

    /// Yes or no. `None`: it is not written and has no default.
    #[expect(clippy::unused_self, reason = "it stands among its like")]
    pub(super) fn switch(&mut self, section: &Section, name: &str) -> Result<Option<bool>, Reported> {
        let Some(entry) = section.entry(name) else { return Ok(None) };
        match &entry.value {
            Some(Value::Switch(switch)) => Ok(Some(*switch)),
            _ => Err(Reported),
        }
    }

    /// A list of texts, each with its place.
    pub(super) fn each<T>(
        &mut self,
        section: &Section,
        name: &str,
        check: impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<Vec<(T, Origin)>, Reported> {
        let Some(entry) = section.entry(name) else { return Err(Reported) };
        let Some(Value::Texts(texts)) = &entry.value else { return Err(Reported) };
        let (mut checked, mut outcome) = (Vec::new(), Ok(()));
        for (text, origin) in texts {
            match check(text) {
                Ok(value) => checked.push((value, origin.clone())),
                Err(fault) => outcome = Err(self.report(origin, fault)),
            }
        }
        outcome.map(|()| checked)
    }

    /// The values of a list, none of them twice.
    pub(super) fn each_once<T: PartialEq + fmt::Display>(
        &mut self,
        section: &Section,
        name: &str,
        check: impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Reported> {
        let mut values = Vec::new();
        for (value, origin) in self.each(section, name, check)? {
            if values.contains(&value) {
                return Err(self.report(&origin, Fault::new(format!("\"{value}\" is named twice"), "take one out")));
            }
            values.push(value);
        }
        Ok(values)
    }
}

/// Values without their places.
pub(super) fn values<T>(placed: Vec<(T, Origin)>) -> Vec<T> {
    placed.into_iter().map(|(value, _)| value).collect()
}
