//! Pictures of amounts, drawn on the server. What they show stands beside them in words.

use maud::{Markup, html};

/// Writes an amount.
pub(super) type Say = fn(u64) -> String;

/// How much of something is used, of how much: a bar, whose end says where the limit is when more is used than may be.
pub(super) fn meter(label: &str, used: u64, limit: Option<u64>, say: Say) -> Markup {
    let said = match limit {
        Some(limit) => format!("{} of {}", say(used), say(limit)),
        None => format!("{}, without a limit", say(used)),
    };
    let over = limit.and_then(|limit| used.checked_sub(limit));
    html! {
        div.meter {
            div {
                span { (label) }
                span {
                    @match over {
                        Some(0) if used > 0 => { span.badge { "Full" } }
                        Some(over) if over > 0 => { span.badge.bad { "Over by " (say(over)) } }
                        _ => {}
                    }
                    span { (said) }
                }
            }
            @if let Some(limit) = limit {
                @let most = used.max(limit);
                @let (end, mark) = (share(used, most, 1000), share(limit, most, 1000));
                svg viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=(format!("{label}: {said}")) {
                    rect.ground width="1000" height="10" {}
                    rect.used width=(end.min(mark)) height="10" {}
                    @if end > mark {
                        rect.over x=(mark) width=(end - mark) height="10" {}
                        rect.mark x=(mark) width="4" height="10" {}
                    }
                }
            }
        }
    }
}

/// A bar of a chart: what it stands for, in short and in full, and how high it is.
pub(super) struct Bar {
    pub(super) short: String,
    pub(super) full: String,
    pub(super) amount: u64,
}

/// Sizes of a chart, in its own units.
const WIDTH: u64 = 360;
const HEIGHT: u64 = 150;
const LEFT: u64 = 58;
const TOP: u64 = 10;
const BOTTOM: u64 = 124;
/// How many bars have their names below them.
const NAMED: usize = 5;

/// Bars side by side, with a scale; nothing where every bar is empty.
pub(super) fn chart(label: &str, bars: &[Bar], say: Say) -> Markup {
    let Some(most) = bars.iter().max_by_key(|bar| bar.amount).filter(|most| most.amount > 0) else { return html! {} };
    let top = round_above(most.amount);
    let slot = (WIDTH - LEFT) * 100 / bars.len().max(1) as u64;
    let every = bars.len().div_ceil(NAMED).max(1);
    let said = format!("{label}, at most {} ({})", say(most.amount), most.full);
    html! {
        figure {
            figcaption { (label) }
            svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(said) {
                @for (amount, y) in [(0, BOTTOM), (top / 2, TOP.midpoint(BOTTOM)), (top, TOP)] {
                    line x1=(LEFT) x2=(WIDTH) y1=(y) y2=(y) {}
                    // Half of the smallest amount is none.
                    @if amount * 2 == top || amount != top / 2 {
                        text x=(LEFT - 6) y=(y + 4) text-anchor="end" { (say(amount)) }
                    }
                }
                @for (place, bar) in bars.iter().enumerate() {
                    @let left = LEFT * 100 + slot * place as u64;
                    @if bar.amount > 0 {
                        @let height = share(bar.amount, top, (BOTTOM - TOP) * 100).max(100);
                        rect.used x=(hundredths(left + slot / 10)) width=(hundredths(slot * 8 / 10))
                            y=(hundredths(BOTTOM * 100 - height)) height=(hundredths(height)) {
                            title { (bar.full) ": " (say(bar.amount)) }
                        }
                    }
                    @if place + 1 == bars.len() {
                        text x=(WIDTH) y=(BOTTOM + 18) text-anchor="end" { (bar.short) }
                    } @else if (bars.len() - 1 - place).is_multiple_of(every) {
                        text x=(hundredths(left + slot / 2)) y=(BOTTOM + 18) text-anchor="middle" { (bar.short) }
                    }
                }
            }
        }
    }
}

/// `part` of `whole`, as so many of `of`.
fn share(part: u64, whole: u64, of: u64) -> u64 {
    let share = u128::from(part) * u128::from(of) / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(of)
}

fn hundredths(amount: u64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

/// The smallest 1, 2 or 5 with zeros that is not less.
fn round_above(amount: u64) -> u64 {
    let mut tens = std::iter::successors(Some(1_u64), |ten| ten.checked_mul(10));
    let steps = tens.by_ref().flat_map(|ten| [1, 2, 5].map(|step| ten.saturating_mul(step)));
    steps.into_iter().find(|step| *step >= amount).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Bar, chart, meter, round_above, share};

    #[test]
    fn the_scale_ends_at_a_round_amount() {
        for (amount, top) in [(1, 1), (3, 5), (5, 5), (6, 10), (11, 20), (999, 1000), (u64::MAX, u64::MAX)] {
            assert_eq!(round_above(amount), top);
        }
        assert_eq!([share(1, 3, 1000), share(u64::MAX, u64::MAX, 1000), share(0, 0, 1000)], [333, 1000, 0]);
    }

    #[test]
    fn what_is_over_is_told_in_words() {
        let over = meter("Apps", 12, Some(10), |n| n.to_string()).0;
        assert!(over.contains("Over by 2") && over.contains("12 of 10") && over.contains("class=\"over\""), "{over}");
        let full = meter("Apps", 10, Some(10), |n| n.to_string()).0;
        assert!(full.contains("Full") && !full.contains("class=\"over\""), "{full}");
        let free = meter("Apps", 3, None, |n| n.to_string()).0;
        assert!(free.contains("3, without a limit") && !free.contains("svg"), "{free}");
    }

    #[test]
    fn a_chart_says_what_is_most() {
        let bar = |day: u64, amount| Bar { short: day.to_string(), full: format!("{day} May"), amount };
        let drawn = chart("By day", &[bar(1, 3), bar(2, 8), bar(3, 0)], |n| n.to_string()).0;
        assert!(drawn.contains("aria-label=\"By day, at most 8 (2 May)\""), "{drawn}");
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert_eq!(chart("By day", &[bar(1, 0)], |n| n.to_string()).0, "");
    }
}
