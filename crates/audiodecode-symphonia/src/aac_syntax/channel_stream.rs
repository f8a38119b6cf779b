use super::bands::Bands;
use super::cursor::Cursor;
use super::ics_info::IcsInfo;
use super::sections::Sections;
use super::spectrum::skip_spectrum;
use super::tools::{skip_pulses, skip_scale_factors, skip_tns};

/// The head of a channel (`individual_channel_stream`), read up to its pulses.
pub(super) struct ChannelStream {
    info: IcsInfo,
    sections: Sections,
}

impl ChannelStream {
    /// Reads a channel's head; `common` is what two channels of a pair share.
    pub(super) fn read(cursor: &mut Cursor<'_>, bands: Bands, common: Option<IcsInfo>) -> Option<Self> {
        let _global_gain = cursor.read(8)?;
        let info = match common {
            Some(info) => info,
            None => IcsInfo::read(cursor, bands)?,
        };
        let sections = Sections::read(cursor, &info)?;
        Some(Self { info, sections })
    }

    /// Whether a band is noise.
    pub(super) fn noise(&self) -> bool {
        self.sections.noise
    }

    /// Goes on to behind the pulses.
    pub(super) fn skip_side_data(&self, cursor: &mut Cursor<'_>) -> Option<()> {
        skip_scale_factors(cursor, &self.sections)?;
        skip_pulses(cursor, &self.info)
    }

    /// Goes on to the channel's end.
    pub(super) fn skip_rest(&self, cursor: &mut Cursor<'_>) -> Option<()> {
        skip_tns(cursor, &self.info)?;
        if cursor.flag()? {
            // Gain control belongs to another object type.
            return None;
        }
        skip_spectrum(cursor, &self.info, &self.sections)
    }
}
