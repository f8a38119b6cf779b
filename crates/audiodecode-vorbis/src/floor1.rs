use crate::bits::{BitReader, EndOfPacket, ilog};
use crate::codebook::Codebook;
use crate::error::HeaderError;
use crate::floor::book_number;
use crate::floor1_curve::Point;

/// Floor type 1 (7): a curve of straight lines through points whose places the setup header gives and whose heights a packet.
#[derive(Debug)]
pub(crate) struct Floor1 {
    /// Classes of the partitions that the points are read by.
    partitions: Vec<Class>,
    multiplier: i32,
    /// Where the points lie, and what their heights are predicted from.
    posts: Vec<Post>,
    /// The points from left to right.
    order: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
struct Class {
    dimensions: usize,
    subclass_bits: u32,
    master_book: usize,
    /// The book of each subclass, where it has one.
    books: Vec<Option<usize>>,
}

#[derive(Clone, Copy, Debug)]
struct Post {
    x: i32,
    low: usize,
    high: usize,
}

/// Points that a floor may have (7.2.2).
const MAX_POSTS: usize = 65;

impl Floor1 {
    /// Reads one from the setup header (7.2.2).
    pub(crate) fn read(bits: &mut BitReader<'_>, books: &[Codebook]) -> Result<Self, HeaderError> {
        let count = bits.index(5)?;
        let numbers = (0..count).map(|_| bits.index(4)).collect::<Result<Vec<_>, _>>()?;
        let classes = numbers.iter().max().map_or(0, |most| most + 1);
        let classes = (0..classes).map(|_| Class::read(bits, books)).collect::<Result<Vec<_>, _>>()?;
        let partitions: Vec<Class> =
            numbers.iter().filter_map(|&number| classes.get(number).cloned()).collect();
        let multiplier = bits.read(2)? as i32 + 1;
        let range_bits = bits.read(4)?;
        let mut xs = vec![0, 1 << range_bits];
        for _ in 0..partitions.iter().map(|class| class.dimensions).sum() {
            xs.push(bits.read(range_bits)? as i32);
        }
        if xs.len() > MAX_POSTS {
            return Err(HeaderError::Invalid("a Vorbis floor has too many points"));
        }
        let mut order: Vec<usize> = (0..xs.len()).collect();
        order.sort_by_key(|&index| xs[index]);
        if order.windows(2).any(|pair| xs[pair[0]] == xs[pair[1]]) {
            return Err(HeaderError::Invalid("two points of a Vorbis floor lie at the same place"));
        }
        let posts = (0..xs.len()).map(|index| {
            let (before, x) = (&xs[..index], xs[index]);
            let low = (0..index).filter(|&other| before[other] < x).max_by_key(|&other| before[other]);
            let high = (0..index).filter(|&other| before[other] > x).min_by_key(|&other| before[other]);
            Post { x, low: low.unwrap_or(0), high: high.unwrap_or(1) }
        });
        Ok(Self { partitions, multiplier, posts: posts.collect(), order })
    }

    /// Reads a channel's points (7.2.3). False when the channel is silent.
    pub(crate) fn decode(
        &self,
        bits: &mut BitReader<'_>,
        books: &[Codebook],
        points: &mut Vec<Point>,
    ) -> Result<bool, EndOfPacket> {
        if !bits.flag()? {
            return Ok(false);
        }
        let mut values = [0; MAX_POSTS];
        let range = self.range();
        let bits_of_range = ilog(range as u32 - 1);
        values[0] = bits.read(bits_of_range)? as i32;
        values[1] = bits.read(bits_of_range)? as i32;
        let mut rest = values.iter_mut().skip(2);
        for class in &self.partitions {
            let mut word = if class.subclass_bits == 0 {
                0
            } else {
                books.get(class.master_book).and_then(|book| book.read_entry(bits)).ok_or(EndOfPacket)?
            };
            for value in rest.by_ref().take(class.dimensions) {
                let subclass = word & ((1 << class.subclass_bits) - 1);
                word >>= class.subclass_bits;
                if let Some(book) = class.books.get(subclass as usize).copied().flatten() {
                    let entry = books.get(book).and_then(|book| book.read_entry(bits));
                    *value = entry.ok_or(EndOfPacket)? as i32;
                }
            }
        }
        self.find_points(&values, range, points);
        Ok(true)
    }

    /// Heights that a packet can state.
    fn range(&self) -> i32 {
        match self.multiplier {
            1 => 256,
            2 => 128,
            3 => 86,
            _ => 64,
        }
    }

    /// Makes heights of differences to what is predicted (7.2.4, step 1), and keeps the points that are used.
    fn find_points(&self, values: &[i32; MAX_POSTS], range: i32, points: &mut Vec<Point>) {
        let mut heights = [0; MAX_POSTS];
        let mut used = [false; MAX_POSTS];
        for (index, (post, &value)) in self.posts.iter().zip(values).enumerate() {
            if index < 2 {
                heights[index] = value.min(range - 1);
                used[index] = true;
                continue;
            }
            let (Some(low), Some(high)) = (self.posts.get(post.low), self.posts.get(post.high)) else {
                continue;
            };
            let predicted = render_point((low.x, heights[post.low]), (high.x, heights[post.high]), post.x);
            if value == 0 {
                heights[index] = predicted;
                continue;
            }
            let (above, below) = (range - predicted, predicted);
            let room = 2 * above.min(below);
            let height = if value >= room {
                if above > below { value - below + predicted } else { predicted - value + above - 1 }
            } else if value & 1 == 1 {
                predicted - (value + 1) / 2
            } else {
                predicted + value / 2
            };
            // Broken packets lead out of range, which the specification advises to cut off.
            heights[index] = height.clamp(0, range - 1);
            used[index] = true;
            used[post.low] = true;
            used[post.high] = true;
        }
        points.clear();
        let used = self.order.iter().filter(|&&index| used[index]);
        points.extend(used.map(|&index| Point {
            x: self.posts[index].x as usize,
            y: (heights[index] * self.multiplier).clamp(0, 255) as u8,
        }));
    }
}

impl Class {
    fn read(bits: &mut BitReader<'_>, books: &[Codebook]) -> Result<Self, HeaderError> {
        let (dimensions, subclass_bits) = (bits.index(3)? + 1, bits.read(2)?);
        let master_book = if subclass_bits == 0 { 0 } else { book_number(bits, books)?? };
        let subclasses = (0..1 << subclass_bits).map(|_| {
            let number = bits.index(8)?;
            if number > books.len() {
                return Err(HeaderError::Invalid("a Vorbis floor names a codebook that does not exist"));
            }
            Ok(number.checked_sub(1))
        });
        let books = subclasses.collect::<Result<_, _>>()?;
        Ok(Self { dimensions, subclass_bits, master_book, books })
    }
}

/// The height of a line between two points (9.2.6).
fn render_point((x0, y0): (i32, i32), (x1, y1): (i32, i32), x: i32) -> i32 {
    let (dy, adx) = (y1 - y0, (x1 - x0).max(1));
    let offset = dy.abs() * (x - x0) / adx;
    if dy < 0 { y0 - offset } else { y0 + offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor(xs: &[i32], neighbours: &[(usize, usize)], multiplier: i32) -> Floor1 {
        let mut order: Vec<usize> = (0..xs.len()).collect();
        order.sort_by_key(|&index| xs[index]);
        let posts = xs.iter().zip(neighbours).map(|(&x, &(low, high))| Post { x, low, high }).collect();
        Floor1 { partitions: Vec::new(), multiplier, posts, order }
    }

    fn points(floor: &Floor1, given: &[i32]) -> Vec<(usize, u8)> {
        let mut values = [0; MAX_POSTS];
        values[..given.len()].copy_from_slice(given);
        let mut points = Vec::new();
        floor.find_points(&values, floor.range(), &mut points);
        points.iter().map(|point| (point.x, point.y)).collect()
    }

    #[test]
    fn heights_are_what_is_predicted_and_a_difference_folded_into_the_room() {
        let floor = floor(&[0, 128, 64, 32], &[(0, 1), (0, 1), (0, 1), (0, 2)], 1);
        // 7.2.4 by hand: predicted 80, odd goes down, even goes up; beyond twice the smaller room it goes on in the larger one.
        assert_eq!(points(&floor, &[100, 60, 3, 0]), [(0, 100), (64, 78), (128, 60)]);
        assert_eq!(points(&floor, &[100, 60, 4, 1]), [(0, 100), (32, 90), (64, 82), (128, 60)]);
        assert_eq!(points(&floor, &[100, 60, 161, 0]), [(0, 100), (64, 161), (128, 60)]);
        assert_eq!(points(&floor, &[200, 240, 80, 0]), [(0, 200), (64, 175), (128, 240)]);
        assert_eq!(points(&floor, &[100, 60, 0, 0]), [(0, 100), (128, 60)]);
    }

    #[test]
    fn broken_heights_stay_in_range() {
        let floor = floor(&[0, 128, 64, 32], &[(0, 1), (0, 1), (0, 1), (0, 2)], 3);
        assert_eq!(points(&floor, &[20, 0, 1 << 24]), [(0, 60), (64, 255), (128, 0)]);
        // What is predicted from them is, too: 20 + 65 / 2 and 1 more.
        let expected = [(0, 60), (32, 159), (64, 255), (128, 0)];
        assert_eq!(points(&floor, &[20, 0, 1 << 24, 2]), expected);
        assert_eq!(points(&floor, &[80, 85, 1 << 24]), [(0, 240), (64, 0), (128, 255)]);
    }
}
