//! A table of text.

/// A table for people: a title, a head, and rows of as many cells. Its texts are taken as hostile and escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    title: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(title: String, head: impl IntoIterator<Item = String>) -> Self {
        Self { title, head: head.into_iter().collect(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The names of the columns.
    #[must_use]
    pub fn head(&self) -> &[String] {
        &self.head
    }

    /// The rows, each with a cell for each column.
    #[must_use]
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// As Markdown, with the title as a heading: every mark in a text is escaped.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = vec!["---"; self.head.len()].join(" | ");
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("## {}\n\n{}| {rule} |\n{rows}", plain(&self.title), line(&self.head))
    }

    /// As CSV (RFC 4180), without the title. A text that a spreadsheet would take for a formula gets an apostrophe in front.
    #[must_use]
    pub fn csv(&self) -> String {
        let line = |cells: &Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            format!("{}\r\n", cells.join(","))
        };
        core::iter::once(&self.head).chain(&self.rows).map(line).collect()
    }
}

/// Without a mark that Markdown or HTML would read, and in one line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' | '"' | '%' | '\'' | '+'..='/' | ';' | '=' | '?' | '@' | '^' => plain.push(character),
            _ if character.is_control() => plain.push(' '),
            _ if character.is_ascii_punctuation() => plain.extend(['\\', character]),
            _ => plain.push(character),
        }
    }
    plain
}

fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if formula { "'" } else { "" };
    if formula || text.contains([',', '"', '\r', '\n']) {
        format!("\"{mark}{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn table(cell: &str) -> Table {
        let mut table = Table::new("of |x|".into(), [cell.to_owned()]);
        table.push([cell.to_owned()]);
        table
    }

    #[test]
    fn markdown_is_escaped() {
        for (cell, expected) in [
            ("a|b", "a\\|b"),
            ("<b>&amp;</b>", "\\<b\\>\\&amp;\\</b\\>"),
            ("*_`~[x](y)![z]#", "\\*\\_\\`\\~\\[x\\]\\(y\\)\\!\\[z\\]\\#"),
            ("a\\|b", "a\\\\\\|b"),
            ("a\r\nb", "a  b"),
            ("http://x.io", "http\\://x.io"),
        ] {
            let expected = format!("## of \\|x\\|\n\n| {expected} |\n| --- |\n| {expected} |\n");
            assert_eq!(table(cell).markdown(), expected);
        }
    }

    #[test]
    fn csv_is_quoted_and_no_formula() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@sum(a)", "\"'@sum(a)\""),
            ("=\"a\"", "\"'=\"\"a\"\"\""),
        ] {
            assert_eq!(table(cell).csv(), format!("{expected}\r\n{expected}\r\n"));
        }
    }
}
