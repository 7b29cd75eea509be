//! Amounts as text: exactly, as the library's tables write them.

/// Millionths of a dyno unit.
pub(super) fn units(millionths: u64) -> String {
    decimal(millionths, 6)
}

/// Millionths of a cent as credits, of which each is a hundred cents.
pub(super) fn credits(millionths_of_a_cent: u64) -> String {
    decimal(millionths_of_a_cent, 8)
}

/// Cents as credits.
pub(super) fn cents(cents: u64) -> String {
    decimal(cents, 2)
}

fn decimal(amount: u64, places: usize) -> String {
    let digits = format!("{amount:0>width$}", width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::{cents, credits, units};

    #[test]
    fn amounts_are_exact() {
        assert_eq!([units(0), units(280_000), units(16_000_000)], ["0", "0.28", "16"]);
        assert_eq!([credits(1), credits(100_000_000), credits(33_333_333_333)], ["0.00000001", "1", "333.33333333"]);
        assert_eq!([cents(100_000), cents(950), cents(5)], ["1000", "9.5", "0.05"]);
        assert_eq!(units(u64::MAX), "18446744073709.551615");
    }
}
