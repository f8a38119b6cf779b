use crate::error::HeaderError;

/// The codewords of these lengths, 1 to 32 (3.2.1): each is the lowest one that is still free. The first bit of a codeword is
/// the highest of its number, so that they compare as they lie in the tree.
pub(crate) fn assign_codewords(lengths: &[u8]) -> Result<Vec<u32>, HeaderError> {
    // Taking a codeword out of a free subtree leaves the right halves along the way, one of each depth between. Hence there is
    // never more than one free subtree of a depth, and the deeper it is the lower it lies.
    let mut free = [None; 33];
    free[0] = Some(0u32);
    let mut codewords = Vec::with_capacity(lengths.len());
    for &length in lengths {
        let length = usize::from(length.clamp(1, 32));
        let depth = (0..=length).rev().find(|&depth| free[depth].is_some());
        let (depth, codeword) = depth
            .and_then(|depth| free[depth].take().map(|codeword| (depth, codeword)))
            .ok_or(HeaderError::Invalid("a Vorbis codebook has more codewords than fit"))?;
        for (depth, free) in free.iter_mut().enumerate().take(length + 1).skip(depth + 1) {
            *free = Some(codeword | 1 << (32 - depth));
        }
        codewords.push(codeword);
    }
    // A book of one entry has one codeword, and both bits stand for it (errata of 2015).
    let complete = free.iter().all(Option::is_none) || matches!(lengths, [] | [1]);
    if complete {
        Ok(codewords)
    } else {
        Err(HeaderError::Invalid("a Vorbis codebook leaves codewords unused"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_comes_out() {
        let lengths = [2, 4, 4, 4, 4, 2, 3, 3];
        let expected = [0b00, 0b0100, 0b0101, 0b0110, 0b0111, 0b10, 0b110, 0b111];
        let codewords = assign_codewords(&lengths).expect("codewords");
        let codewords: Vec<u32> =
            codewords.iter().zip(lengths).map(|(code, length)| code >> (32 - length)).collect();
        assert_eq!(codewords, expected);
    }

    #[test]
    fn trees_with_too_many_or_too_few_leaves_are_refused() {
        for lengths in [&[1, 1, 1][..], &[1, 1, 32], &[2], &[1, 2], &[3, 3, 3, 3, 1, 2]] {
            assert!(assign_codewords(lengths).is_err(), "{lengths:?}");
        }
        assert!(assign_codewords(&[1]).is_ok() && assign_codewords(&[]).is_ok());
        let mut comb: Vec<u8> = (1..=32).collect();
        comb.push(32);
        assert_eq!(assign_codewords(&comb).expect("comb").last(), Some(&u32::MAX));
    }
}
