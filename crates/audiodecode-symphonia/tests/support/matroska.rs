//! Takes the blocks out of Matroska files and puts them into new clusters, changed.

/// What a file has before its first cluster, and the bodies of its blocks: track, time, flags and data.
pub struct Blocks {
    pub head: Vec<u8>,
    pub blocks: Vec<Block>,
}

#[derive(Clone)]
pub struct Block {
    pub body: Vec<u8>,
    /// Nanoseconds to cut from the end.
    pub discard: u64,
}

/// Bytes of a block before its data, with a track of one byte.
pub const BLOCK_HEAD: usize = 4;

/// The blocks of a sound file without lacing.
pub fn parse(bytes: &[u8]) -> Blocks {
    let (mut at, mut head, mut blocks) = (0, 0, Vec::new());
    while at < bytes.len() {
        let id_length = bytes[at].leading_zeros() as usize + 1;
        let (id, rest) = bytes[at..].split_at(id_length);
        let length = rest[0].leading_zeros() as usize + 1;
        let first = u64::from(rest[0]) & ((1 << (8 - length)) - 1);
        let size = rest[1..length].iter().fold(first, |size, &byte| size << 8 | u64::from(byte)) as usize;
        let body = at + id_length + length;
        if id == CLUSTER && head == 0 {
            head = at;
        }
        // Segment, Cluster, BlockGroup: into them. SimpleBlock, Block.
        at = if matches!(id, [0x18, ..] | [0x1f, 0x43, ..] | [0xa0]) { body } else { body + size };
        if matches!(id, [0xa3] | [0xa1]) {
            blocks.push(Block { body: bytes[body..at].to_vec(), discard: 0 });
        }
    }
    Blocks { head: bytes[..head].to_vec(), blocks }
}

const CLUSTER: [u8; 4] = [0x1f, 0x43, 0xb6, 0x75];

/// The file with its blocks in clusters of eight, whose size is unknown.
pub fn write(head: &[u8], blocks: &[Block]) -> Vec<u8> {
    let mut bytes = head.to_vec();
    for blocks in blocks.chunks(8) {
        bytes.extend(CLUSTER);
        bytes.extend([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        // Timestamp.
        bytes.extend([0xe7, 0x81, 0]);
        for block in blocks {
            if block.discard == 0 {
                bytes.extend(element(&[0xa3], &block.body));
                continue;
            }
            let discard = element(&[0x75, 0xa2], &block.discard.to_be_bytes());
            bytes.extend(element(&[0xa0], &[element(&[0xa1], &block.body), discard].concat()));
        }
    }
    bytes
}

fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
    [id, &[0x08][..], &(body.len() as u32).to_be_bytes(), body].concat()
}
