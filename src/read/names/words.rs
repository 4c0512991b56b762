//! The words that stand around the names of authors.

use crate::read::words::Words;

/// Words that say that an author follows.
pub(super) static LABELS: Words = Words::new(&[
    "by", "author:", "authors:", "author", "autor:", "autor:innen", "autor*innen", "autor/innen", "autorinnen",
    "autor:in:", "autor*in:", "autor/in:", "autorin/autor", "autorin:", "autoren:", "autor", "auteur", "auteurs",
    "autore", "redaktion:", "von", "vom", "geschrieben von", "verfasst von", "gespeichert von", "veröffentlicht von",
    "eingestellt von", "beiträge von", "alles von", "mehr von", "artikel von", "beitrag von", "text von", "par", "por",
    "door", "di", "av", "af", "text:", "texte:", "texte :", "texto:", "testo:", "tekst:", "words:", "bericht:", "作者",
    "文/", "撰文", "撰稿", "供稿", "通讯员", "通訊員", "记者", "著者", "筆者", "執筆者", "執筆", "文●", "~",
]);

/// Words between the names of several people.
pub(super) const JOINING: [&str; 4] = ["and", "und", "&", "et"];

/// Words that stand between the names of several people, and within one.
pub(super) const BETWEEN: [&str; 8] = ["y", "e", "en", "i", "og", "och", "ja", "ve"];

/// Words in small letters within a name.
pub(super) const PARTICLES: [&str; 26] = [
    "von", "vom", "zu", "zur", "van", "der", "den", "ter", "ten", "de", "del", "della", "di", "da", "do", "dos", "du",
    "la", "le", "al", "bin", "af", "av", "y", "e", "i",
];

/// Those of them that are given names, too, or words of another language.
pub(super) const GIVEN: [&str; 5] = ["par", "por", "di", "av", "af"];

/// Words that say that somebody else than the author follows.
pub(super) static OTHERS: Words = Words::new(&[
    "编辑", "责编", "责任编辑", "責任編輯", "执行编辑", "本网编辑", "摄影", "审核", "校对", "edited by", "reviewed by",
    "checked by", "approved by", "verified by", "updated by", "translated by", "share by", "supported by",
    "provided by", "photo", "foto", "images:", "image:", "image by", "bild:", "bilder:", "contact", "media contact",
    "press contact", "kontakt", "pressekontakt", "medienkontakt", "powered by", "designed by", "geprüft von",
    "sponsored", "presented by",
]);

/// Words in the names of offices, schools and companies.
pub(in crate::read) const OFFICES: [&str; 49] = [
    "university", "universität", "universitaet", "universiteit", "universidad", "universidade", "université",
    "università", "universitet", "uniwersytet", "hochschule", "fachhochschule", "college", "institute", "institut",
    "faculty", "fakultät", "department", "school", "academy", "office", "library", "division", "service", "services",
    "council", "committee", "centre", "center", "society", "association", "affairs", "unit", "group", "secretariat",
    "registry", "museum", "pressestelle", "rektorat", "dekanat", "gmbh", "e.v.", "ag", "inc", "inc.", "ltd", "ltd.",
    "llc", "corporation",
];

/// Words for what people are, behind their names.
pub(super) const ROLES: [&str; 47] = [
    "editor", "director", "officer", "professor", "lecturer", "reporter", "writer", "journalist", "correspondent",
    "author", "manager", "head", "chief", "dean", "chair", "president", "founder", "cofounder", "ceo", "coordinator",
    "specialist", "expert", "engineer", "scientist", "assistant", "associate", "intern", "student", "producer",
    "contributor", "communications", "university", "school", "college", "institute", "faculty", "department", "office",
    "centre", "center", "staff", "redakteur", "redakteurin", "redaktion", "pressestelle", "universität", "institut",
];

/// Words that are left over behind a name: those before a date,
/// those that say that another follows, and what people did.
pub(super) const TRAILING: [&str; 14] =
    [" on", " am", " at", " um", " le", " el", " in", " Stand", ",", " and", " und", " &", " 著", " 기자"];

/// Words that begin what somebody is, without a comma: "Ada Strand Senior Editor".
pub(super) const RANKS: [&str; 12] = [
    "senior", "junior", "staff", "chief", "deputy", "managing", "executive", "associate", "assistant", "contributing",
    "special", "freelance",
];

/// What somebody was awarded, in capitals as the names of agencies are.
pub(super) const DEGREES: [&str; 16] =
    ["PHD", "MBA", "MPH", "DVM", "VMD", "DDS", "CPA", "CFA", "CFP", "MSW", "LCSW", "LLM", "MSC", "BSC", "ESQ", "III"];
