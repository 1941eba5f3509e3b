import type { Column } from '../../record/columns.js';
import type { Cell } from '../../record/record.js';
import { bytesOf, durationOf, formatNumber, percentOf, type Quantity, siOf } from '../../util/number-format.js';
import { oneLine } from '../../util/one-line.js';

/** A cell for people, in the unit of its column; null is a dash. */
export function quantity(column: Pick<Column, 'unit'>, value: Cell): Quantity {
  if (value === null) return { text: '-', unit: '' };
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no', unit: '' };
  if (typeof value === 'string') return { text: oneLine(value), unit: '' };
  switch (column.unit) {
    case 'ns':
      return durationOf(value);
    case 'bytes':
      return bytesOf(value);
    case 'bytes/s': {
      const { text, unit } = bytesOf(value);
      return { text, unit: `${unit}/s` };
    }
    case 'items/s':
      return siOf(value, '/s');
    case 'tokens/s':
      return value < 1e5 ? { text: formatNumber(value), unit: 'tok/s' } : siOf(value, 'tok/s');
    case 'GFLOP/s':
      return siOf(value * 1e9, 'FLOP/s');
    case 'J':
    case 'W':
      return siOf(value, column.unit);
    case 'MHz':
    case '°C':
      return { text: formatNumber(value), unit: column.unit };
    case 'ratio':
      return percentOf(value);
    default:
      return value < 1e5 ? { text: formatNumber(value), unit: '' } : siOf(value, '');
  }
}

export function cellText(column: Pick<Column, 'unit'>, value: Cell): string {
  const { text, unit } = quantity(column, value);
  return unit === '' ? text : `${text} ${unit}`;
}
