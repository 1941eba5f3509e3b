// A badge as a picture, or as what shields.io's endpoint reads (https://shields.io/badges/endpoint-badge).

import { escapeXml } from '../../util/xml.js';
import type { Badge, BadgeColor } from './badge.js';

/** Contrast of white text on them is 4.5 to 1 or more. */
const SHADES: Record<BadgeColor, string> = {
  brightgreen: '#1a7f37',
  yellow: '#8a6100',
  orange: '#b35900',
  red: '#b3261e',
  blue: '#0b63b5',
  lightgrey: '#5f6368',
};

const NARROW = /[ijlft.,:;|'!()[\] ]/;
const WIDE = /[mwMW%@]/;

/** Width at 11 px: estimated, and forced upon the text, so that no font overflows. */
const widthOf = (text: string): number =>
  Math.ceil([...text].reduce((sum, letter) => sum + (NARROW.test(letter) ? 4 : WIDE.test(letter) ? 10.5 : 7), 0));

function svg({ label, message, color }: Badge): string {
  const [left, right] = [widthOf(label), widthOf(message)];
  const [first, second] = [left + 12, right + 12];
  const text = (words: string, x: number, width: number) =>
    `<text x="${x}" y="14" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(words)}</text>`;
  const title = escapeXml(`${label}: ${message}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${first + second}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${first + second}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${first}" height="20" fill="#3c4043"/>`,
    `<rect x="${first}" width="${second}" height="20" fill="${SHADES[color]}"/></g>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    text(label, 6, left),
    text(message, first + 6, right),
    '</g></svg>',
    '',
  ].join('\n');
}

const endpoint = ({ label, message, color }: Badge): string =>
  `${JSON.stringify({ schemaVersion: 1, label, message, color })}\n`;

export const BADGE_FORMATS = { svg, endpoint } as const;
export type BadgeFormat = keyof typeof BADGE_FORMATS;
