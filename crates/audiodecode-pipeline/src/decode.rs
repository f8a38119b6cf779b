use crate::{Chain, Error, ErrorKind, Result};

/// Where the samples of [`decode`] are.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    /// In the caller's buffer, which holds exactly the planned frames.
    Filled {
        /// Frames per plane, `plan().frames`.
        frames: usize,
    },
    /// In planes of their own and of equal length: there was no buffer.
    Owned(Vec<Vec<f32>>),
    /// The plan was wrong. Every plane begins in the caller's buffer, `plan().frames` behind the one before, and goes on in one
    /// of its own: nothing is copied before there is a buffer of the right length.
    Partly {
        /// Frames of every plane in the buffer, all that were planned or fewer.
        frames: usize,
        /// What follows them, of equal length.
        beyond: Vec<Vec<f32>>,
    },
}

impl Decoded {
    /// The samples as planes of their own. `out` is the buffer that was decoded into, `planned` the frames planned for it.
    pub fn into_planes(self, out: &[f32], planned: usize, channels: usize) -> Vec<Vec<f32>> {
        let (frames, mut beyond) = match self {
            Self::Owned(planes) => return planes,
            Self::Filled { frames } => (frames, vec![Vec::new(); channels]),
            Self::Partly { frames, beyond } => (frames, beyond),
        };
        for (index, plane) in beyond.iter_mut().enumerate() {
            plane.splice(0..0, out[index * planned..index * planned + frames].iter().copied());
        }
        beyond
    }
}

/// Runs a chain to its end. `out` is planar, `plan().channels` × `plan().frames` samples (a longer one is filled from its
/// start); `None` decodes into planes that grow with what is really decoded, whatever the file claims.
///
/// Fails as [`Chain::read`] does, with `LimitExceeded` when memory is refused, and with `InvalidArgument` for an `out`
/// that is too small or given although the number of frames is unknown.
pub fn decode(chain: &mut Chain, out: Option<&mut [f32]>) -> Result<Decoded> {
    let channels = chain.plan().channels as usize;
    let Some(out) = out else {
        let planned = chain.plan().frames.and_then(|frames| usize::try_from(frames).ok());
        return Ok(Decoded::Owned(grow(chain, empty_planes(channels), planned)?));
    };
    let frames = planned_frames(chain, out.len())?;
    let count = if frames == 0 { 0 } else { chain.read(&mut split_planes(out, frames, channels))? };
    if count < frames {
        return Ok(Decoded::Partly { frames: count, beyond: empty_planes(channels) });
    }
    let mut beyond = vec![0.0; channels];
    if !read_beyond(chain, &mut beyond)? {
        return Ok(Decoded::Filled { frames });
    }
    let beyond = beyond.into_iter().map(|sample| vec![sample]).collect();
    Ok(Decoded::Partly { frames, beyond: grow(chain, beyond, None)? })
}

/// The source may have more than it claimed, and only its end makes the report complete.
fn read_beyond(chain: &mut Chain, frame: &mut [f32]) -> Result<bool> {
    Ok(chain.read(&mut frame.chunks_mut(1).collect::<Vec<_>>())? > 0)
}

/// Whether there is more behind the planned frames, all of which were read.
pub(crate) fn has_more(chain: &mut Chain) -> Result<bool> {
    let mut beyond = vec![0.0; chain.plan().channels as usize];
    read_beyond(chain, &mut beyond)
}

/// Planes grow by what they hold already, at least by this.
const FIRST_FRAMES: usize = 1 << 16;
/// Where that is more than this, they grow by a sixteenth: half of a large result would be memory for nothing.
const LARGE_FRAMES: usize = 1 << 20;

/// Reads to the end. `planned` frames are what the planes are expected to hold then.
fn grow(chain: &mut Chain, mut planes: Vec<Vec<f32>>, planned: Option<usize>) -> Result<Vec<Vec<f32>>> {
    loop {
        let length = planes.first().map_or(0, Vec::len);
        let mut step = length.clamp(FIRST_FRAMES, LARGE_FRAMES.max(length / 16));
        if let Some(planned) = planned
            && planned > length
        {
            // One more than planned shows the end in the same read.
            step = step.min((planned - length).saturating_add(1));
        }
        // The same shows that the limit is exceeded.
        step = step.min(chain.frames_left().saturating_add(1));
        for plane in &mut planes {
            reserve(plane, step)?;
            plane.resize(length + step, 0.0);
        }
        let count =
            chain.read(&mut planes.iter_mut().map(|plane| &mut plane[length..]).collect::<Vec<_>>())?;
        if count < step {
            for plane in &mut planes {
                plane.truncate(length + count);
                plane.shrink_to_fit();
            }
            return Ok(planes);
        }
    }
}

pub(crate) fn planned_frames(chain: &Chain, room: usize) -> Result<usize> {
    let invalid = |message: String| Error::new(ErrorKind::InvalidArgument, message);
    let plan = chain.plan();
    let frames = plan
        .frames
        .ok_or_else(|| invalid("the number of frames is unknown: decode without a buffer".into()))?;
    let needed = u128::from(frames) * u128::from(plan.channels);
    if needed > room as u128 {
        return Err(invalid(format!("the buffer holds {room} samples, {needed} are needed")));
    }
    usize::try_from(frames).map_err(|_| invalid(format!("{frames} frames do not fit into memory")))
}

fn empty_planes(channels: usize) -> Vec<Vec<f32>> {
    (0..channels).map(|_| Vec::new()).collect()
}

pub(crate) fn split_planes(out: &mut [f32], frames: usize, channels: usize) -> Vec<&mut [f32]> {
    out.chunks_exact_mut(frames).take(channels).collect()
}

fn reserve(plane: &mut Vec<f32>, frames: usize) -> Result<()> {
    plane
        .try_reserve_exact(frames)
        .map_err(|_| Error::limit(format!("no memory for {} frames", plane.len() as u128 + frames as u128)))
}
