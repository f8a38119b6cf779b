import { editDistance } from './edit-distance.js'

const TABLE = `en english|zh chinese|de german|es spanish|ru russian|ko korean|fr french|ja japanese|pt portuguese|tr turkish|
pl polish|ca catalan|nl dutch|ar arabic|sv swedish|it italian|id indonesian|hi hindi|fi finnish|vi vietnamese|he hebrew|uk ukrainian|
el greek|ms malay|cs czech|ro romanian|da danish|hu hungarian|ta tamil|no norwegian|th thai|ur urdu|hr croatian|bg bulgarian|
lt lithuanian|la latin|mi maori|ml malayalam|cy welsh|sk slovak|te telugu|fa persian|lv latvian|bn bengali|sr serbian|az azerbaijani|
sl slovenian|kn kannada|et estonian|mk macedonian|br breton|eu basque|is icelandic|hy armenian|ne nepali|mn mongolian|bs bosnian|
kk kazakh|sq albanian|sw swahili|gl galician|mr marathi|pa punjabi|si sinhala|km khmer|sn shona|yo yoruba|so somali|af afrikaans|
oc occitan|ka georgian|be belarusian|tg tajik|sd sindhi|gu gujarati|am amharic|yi yiddish|lo lao|uz uzbek|fo faroese|
ht haitian creole|ps pashto|tk turkmen|nn nynorsk|mt maltese|sa sanskrit|lb luxembourgish|my myanmar|bo tibetan|tl tagalog|
mg malagasy|as assamese|tt tatar|haw hawaiian|ln lingala|ha hausa|ba bashkir|jw javanese|su sundanese|yue cantonese`

const ALIASES = `my burmese|ca valencian|nl flemish|ht haitian|lb letzeburgesch|ps pushto|pa panjabi|ro moldavian|ro moldovan|
si sinhalese|es castilian|zh mandarin`

/** Language codes with their names, in the order of the models' tokens; 'yue' came with large-v3. */
export const languageNames: ReadonlyMap<string, string> = new Map(parse(TABLE))

const CODES: ReadonlyMap<string, string> = new Map(
  [...parse(TABLE), ...parse(ALIASES)].map(([code, name]) => [name, code]),
)

/** The code of a language given by code or English name; a RangeError names the near ones otherwise. */
export function languageCode(language: string): string {
  const typed = language.trim().toLowerCase()
  if (languageNames.has(typed)) return typed
  const code = CODES.get(typed)
  if (code !== undefined) return code
  const near = nearest(typed)
  const advice =
    near.length > 0
      ? `did you mean ${near.map((name) => describe(name)).join(' or ')}?`
      : "give a code such as 'en' or a name such as 'english', or leave language out to have it detected"
  throw new RangeError(`language '${language}' is not one that Whisper knows; ${advice}`)
}

function parse(table: string): [code: string, name: string][] {
  return table.split('|').map((entry) => {
    const text = entry.trim()
    const space = text.indexOf(' ')
    return [text.slice(0, space), text.slice(space + 1)]
  })
}

/** Up to three names that are spelt alike; a tag such as 'pt-BR' is near its first part. */
function nearest(typed: string): readonly string[] {
  const [first = ''] = typed.split(/[-_]/u)
  const ofTag = languageNames.get(first)
  if (ofTag !== undefined) return [ofTag]
  const farthest = Math.max(1, Math.floor(typed.length / 3))
  return [...CODES.keys()]
    .map((name) => ({ name, distance: distanceOf(typed, name) }))
    .filter(({ distance }) => distance <= farthest)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

function distanceOf(typed: string, name: string): number {
  return typed.length >= 3 && name.startsWith(typed) ? 0 : editDistance(typed, name)
}

function describe(name: string): string {
  return `'${name}' ('${CODES.get(name) ?? ''}')`
}
