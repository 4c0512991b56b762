//! `feedgen man`: one page for the whole program, with what each command takes.

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::{Arguments, jsonl};

/// The page, as roff.
pub(super) fn page() -> std::io::Result<Vec<u8>> {
    let whole = Man::new(Arguments::command());
    let mut page = Vec::new();
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    page.extend(b".SH COMMANDS\n");
    for command in Arguments::command().get_subcommands() {
        page.extend(section("feedgen", command)?.bytes());
    }
    page.extend(format!(".SH \"EXPLAIN \\-\\-JSONL\"\n.nf\n{}\n.fi\n", jsonl::help()).bytes());
    whole.render_extra_section(&mut page)?;
    whole.render_version_section(&mut page)?;
    Ok(page)
}

/// What a command is for, and its options; then those below it.
fn section(above: &str, command: &Command) -> std::io::Result<String> {
    let name = format!("{above} {}", command.get_name());
    let mut own =
        command.clone().bin_name(&name).display_name(&name).disable_help_flag(true).disable_help_subcommand(true);
    if own.get_arguments().any(|argument| argument.get_id() == "jsonl") {
        // It has a section of its own.
        own = own.mut_arg("jsonl", |argument| argument.long_help(None::<&str>));
    }
    let man = Man::new(own);
    let mut text = Vec::new();
    man.render_description_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut text)?;
    }
    // One heading for all of it.
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter(|line| !line.starts_with(".ie") && !line.starts_with(".el"));
    let lines = lines.map(|line| if line.starts_with(".SH") { ".PP" } else { line });
    let heading = format!(".SS \"{name}\"");
    let mut section = std::iter::once(heading.as_str()).chain(lines).flat_map(|line| [line, "\n"]).collect::<String>();
    for command in command.get_subcommands() {
        section.push_str(&self::section(&name, command)?);
    }
    Ok(section)
}
