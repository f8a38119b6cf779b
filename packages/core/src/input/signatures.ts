/** A format that is known by fixed bytes. */
export interface Signature {
  /** ASCII, with '?' for any byte and \xHH for others. */
  readonly text: string
  /** Place of the text, 0 unless told otherwise. */
  readonly at?: number
  readonly container: string
  /** Null or absent: the container alone does not tell. */
  readonly codec?: string
}

/** Looked through from top to bottom; the first match counts, so longer texts stand before shorter ones. */
export const SIGNATURES: readonly Signature[] = [
  { text: 'RIFF????WAVE', container: 'wav' },
  { text: 'RIFX????WAVE', container: 'wav' },
  { text: 'RF64????WAVE', container: 'rf64' },
  { text: 'BW64????WAVE', container: 'bw64' },
  // Sony Wave64: the GUID of 'riff'.
  { text: 'riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB', container: 'w64' },
  { text: 'FORM????AIFF', container: 'aiff' },
  { text: 'FORM????AIFC', container: 'aiff' },
  { text: 'caff\x00\x01', container: 'caf' },
  { text: 'fLaC', container: 'flac', codec: 'flac' },
  { text: 'OggS', container: 'ogg' },
  { text: '\x1A\x45\xDF\xA3', container: 'matroska' },
  { text: 'RIFF????AVI ', container: 'avi' },
  { text: 'RIFF????AMV ', container: 'avi' },
  { text: '\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9', container: 'asf' },
  { text: 'FLV\x01', container: 'flv' },
  { text: '\x00\x00\x01\xBA', container: 'mpeg-ps' },
  { text: '.snd', container: 'au' },
  { text: 'dns.', container: 'au' },
  { text: 'Creative Voice File\x1A', container: 'voc' },
  { text: '\x64\xA3\x01\x00', container: 'ircam' },
  { text: '\x64\xA3\x02\x00', container: 'ircam' },
  { text: '\x64\xA3\x03\x00', container: 'ircam' },
  { text: '\x64\xA3\x04\x00', container: 'ircam' },
  { text: '\x00\x01\xA3\x64', container: 'ircam' },
  { text: '\x00\x02\xA3\x64', container: 'ircam' },
  { text: '\x00\x03\xA3\x64', container: 'ircam' },
  { text: 'NIST_1A', container: 'nist' },
  { text: 'wvpk', container: 'wavpack', codec: 'wavpack' },
  { text: 'MAC ', container: 'ape', codec: 'ape' },
  { text: 'MPCK', container: 'musepack', codec: 'musepack8' },
  { text: 'MP+', container: 'musepack', codec: 'musepack7' },
  { text: 'TTA1', container: 'tta', codec: 'tta' },
  { text: 'TTA2', container: 'tta', codec: 'tta' },
  { text: 'DSD ', container: 'dsf', codec: 'dsd' },
  { text: 'FRM8????????DSD ', container: 'dff' },
  { text: 'tBaK', container: 'tak', codec: 'tak' },
  { text: 'OFR ', container: 'optimfrog', codec: 'optimfrog' },
  { text: 'ajkg', container: 'shorten', codec: 'shorten' },
  { text: 'qoaf', container: 'qoa', codec: 'qoa' },
  { text: '#!AMR-WB', container: 'amr', codec: 'amr_wb' },
  { text: '#!AMR', container: 'amr', codec: 'amr_nb' },
  { text: '.RMF\x00\x00\x00', container: 'realmedia' },
  { text: '.ra\xFD', container: 'realmedia' },
]

/** Signatures of things that hold no audio, so that the error can name what it is. */
export const NOT_AUDIO: readonly Signature[] = [
  { text: 'MThd', container: 'midi' },
  { text: 'RIFF????RMID', container: 'midi' },
  { text: 'RIFF????WEBP', container: 'webp' },
  { text: '%PDF-', container: 'pdf' },
  { text: 'PK\x03\x04', container: 'zip' },
  { text: 'PK\x05\x06', container: 'zip' },
  { text: '\x1F\x8B\x08', container: 'gzip' },
  { text: '7z\xBC\xAF\x27\x1C', container: '7z' },
  { text: 'Rar!\x1A\x07', container: 'rar' },
  { text: '\x89PNG\r\n\x1A\n', container: 'png' },
  { text: '\xFF\xD8\xFF', container: 'jpeg' },
  { text: 'GIF8', container: 'gif' },
  { text: '\x7FELF', container: 'elf' },
  { text: 'version https://git-lfs', container: 'git-lfs' },
]
