// Texts for tokenizer tests: chosen ones that are known to be hard, and random ones from every part of Unicode.

/** A small seeded generator (mulberry32): the same texts on every machine. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const HARD_TEXTS: readonly string[] = [
  '',
  ' ',
  '   ',
  '\n',
  '\r\n\r\n',
  '\t \n mixed \r\n\r\n  blanks   \n\n end  ',
  'Hello, world! How are you today?',
  "I'm you're HE'LL they'Ve 'tis 's 'S 'ſ ''s don''t",
  'unaffable antidisestablishmentarianism',
  'a'.repeat(99),
  'a'.repeat(100),
  'a'.repeat(101),
  'é'.repeat(100),
  'e\u0301'.repeat(101),
  'ab'.repeat(2000),
  `${'x'.repeat(300)} ${'y'.repeat(300)}`,
  '敏捷的棕色狐狸跳过了那只懒惰的狗。',
  '𠀀𠮷 and 𫝀𫠝 𫢸 𬺰',
  'カタカナ ひらがな 한국어 조선말 \u1112\u1161\u11ab\u1100\u1173\u11af',
  'naïve café Ångström İstanbul ŒUVRE straße ΣΊΣΥΦΟΣ Ǆ ﬁﬂ ½ ²³ Ⅷ ㈠ ㍿ ﷺ',
  'A\u030a \u0041\u0328\u0301 \u1e0b\u0323 \u0345\u0301 \u05b8\u05b9\u05b1 q\u0307\u0323',
  'ﷺ grows ﷻ',
  '\u0301leading mark \u0300\u0316',
  'مرحبا بالعالم، كيف حالك؟ שלום עולם \u200f\u202eabc\u202c',
  'हिन्दी क्षत्रिय தமிழ் ภาษาไทย বাংলা ខ្មែរ',
  '😀👍🏽👨‍👩‍👧‍👦🇫🇷🇩🇪🏴\u{e0067}\u{e0062}\u{e007f} ❤️ ☺\ufe0f ©\u200d®',
  '\u0000\u0001\u0007\u001b\u007f\u0080\u009f\u00ad\u200b\ufeff\ufffd\u2028\u2029\u0085',
  'no\u00a0break\u2003em\u3000ideographic\u1680ogham',
  'lone \ud800 high, lone \udc00 low, swapped \udc00\ud800, end \ud83d',
  '1 12 123 1234 12345 3.14 1,000,000 ٣٤٥ ²³ ½ Ⅳ 0x1F',
  'def f(x):\n\treturn {"a": [1, 2]}  # comment\n\n\nclass A: pass //---//\r\n/* x */\n/',
  'https://example.org/a_b?c=d&e=%20#f snake_case camelCase SCREAMING_CASE HTTPServer',
  '[CLS] inside [SEP] and [MASK] <s>x</s> <mask> <unk> <|endoftext|><|im_start|>user\n<|begin_of_text|>',
  '  <mask>  [MASK]x[MASK]  <s>\u3000<s>',
  '▁already ▁▁ meta▁space <0x0A> ▁',
  '\ue000\uf8ff\u{f0000}\u{10ffff}\u{e0001}\u0378\u{1f9ff}\u{323af}',
  '\u0600a \u06dd١ \u{110bd}\u{11083} \u0d4e\u0d15',
  "``quoted'' \u2018single\u2019 \u201cdouble\u201d \u2014 \u2026 ¿¡§¶",
];

const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x61, 0x7a],
  [0x61, 0x7a],
  [0x30, 0x39],
  [0x00, 0x1f],
  [0x7f, 0xff],
  [0x100, 0x24f],
  [0x2b0, 0x36f],
  [0x370, 0x5ff],
  [0x600, 0x8ff],
  [0x900, 0xfff],
  [0x1000, 0x1fff],
  [0x1100, 0x11ff],
  [0x2000, 0x206f],
  [0x2070, 0x2bff],
  [0x3000, 0x33ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xd800, 0xdfff],
  [0xf900, 0xffff],
  [0x10000, 0x1ffff],
  [0x1f1e6, 0x1f64f],
  [0x20000, 0x323af],
  [0xe0000, 0x10ffff],
];
const SNIPPETS = [
  ' ',
  ' ',
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\t',
  "'s",
  "'LL",
  "'",
  '▁',
  '\u200d',
  '\u0301',
  '\ufe0f',
  '\u3000',
  '. ',
  ', ',
  '/',
  '[SEP]',
  '<s>',
  '<|endoftext|>',
  '<mask>',
  'the',
  'The',
  'ING',
  'tion',
  '123',
  '\u017f',
];

/** `count` texts of up to 12 parts each, of words, blanks, tokens and characters from all of Unicode. */
export function randomTexts(count: number, seed: number): string[] {
  const below = randomNumbers(seed);
  const character = ([low, high]: readonly [number, number]) => String.fromCodePoint(low + below(high - low + 1));
  return Array.from({ length: count }, () => {
    let text = '';
    for (let left = below(12); left >= 0; left--) {
      if (below(3) === 0) text += SNIPPETS[below(SNIPPETS.length)]!;
      // A range for a few characters in a row, so that words, marks on letters and clusters come about.
      const range = RANGES[below(RANGES.length)]!;
      for (let run = below(5); run >= 0; run--) text += character(range);
    }
    return text;
  });
}
