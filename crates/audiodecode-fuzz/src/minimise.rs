use std::time::{Duration, Instant};

/// Makes a failing input smaller while `fails` says that it still fails: pieces are cut out, then zeroed.
pub fn minimise(input: &[u8], most: Duration, mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let started = Instant::now();
    let mut best = input.to_vec();
    let mut piece = (best.len() / 2).max(1);
    while piece > 0 && started.elapsed() < most {
        let mut at = 0;
        while at < best.len() && started.elapsed() < most {
            let end = (at + piece).min(best.len());
            let mut cut = best.clone();
            cut.drain(at..end);
            if fails(&cut) {
                best = cut;
                continue;
            }
            let mut blank = best.clone();
            blank[at..end].fill(0);
            if blank != best && fails(&blank) {
                best = blank;
            }
            at = end;
        }
        piece /= 2;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_is_cut_or_zeroed() {
        let mut input = vec![7; 1000];
        input[300] = 1;
        input[700] = 2;
        let fails = |bytes: &[u8]| bytes.contains(&1) && bytes.contains(&2) && bytes.len() > 4;
        let mut small = minimise(&input, Duration::from_secs(5), fails);
        small.sort_unstable();
        assert_eq!(small, [0, 0, 0, 1, 2]);
    }
}
