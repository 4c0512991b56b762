//! Tables of text whose columns line up, also for characters that are two columns wide.

use unicode_width::UnicodeWidthStr as _;

/// Lays rows out in columns. Columns named in `right` are set flush right. The first row is the heading.
pub(super) fn lay_out(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.width().min(*width));
            if column > 0 {
                line.push_str("  ");
            }
            if right.contains(&column) {
                line.push_str(&gap);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&gap);
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_keep_columns_in_line() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let text = lay_out(&[row(["name", "new", "note"]), row(["重庆", "5", "ok"]), row(["a", "12", ""])], &[1]);
        assert_eq!(text, "name  new  note\n重庆    5  ok\na      12\n");
    }
}
