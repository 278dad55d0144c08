import { painter } from './colour';
import { barLines, sparkline, tableLines } from './table';

const plain = painter(false);

describe('tableLines', () => {
  it('aligns text at the left and numbers at the right', () => {
    const rows = [
      [{ text: 'Kicked' }, { text: '7', right: true }],
      [{ text: 'Stale Connection' }, { text: '1,234', right: true }],
    ];
    expect(tableLines(['reason', 'stops'], rows, 80, plain)).toEqual([
      'reason            stops',
      'Kicked                7',
      'Stale Connection  1,234',
    ]);
  });

  it('leaves out the columns at the right that do not fit, and says how many', () => {
    const rows = [[{ text: 'aaaa' }, { text: 'bbbb' }, { text: 'cccc' }]];
    expect(tableLines(['a', 'b', 'c'], rows, 12, plain)).toEqual(['a     b     +1', 'aaaa  bbbb']);
  });

  it('cuts what is longer than a column may be', () => {
    const [, row] = tableLines(['name'], [[{ text: 'x'.repeat(50) }]], 80, plain);
    expect(row).toBe(`${'x'.repeat(35)}…`);
  });
});

describe('barLines', () => {
  it('draws the largest in full, shows what is small, and nothing for zero', () => {
    const bars = [
      { name: 'a', value: 1_000, shown: '1,000' },
      { name: 'b', value: 1, shown: '1' },
      { name: 'c', value: 0, shown: '0' },
    ];
    expect(barLines(bars, 80, plain)).toEqual([
      `a  ${'█'.repeat(24)}  1,000`,
      `b  █${' '.repeat(23)}      1`,
      `c  ${' '.repeat(24)}      0`,
    ]);
  });

  it('draws nothing at all for no bars', () => {
    expect(barLines([], 80, plain)).toEqual([]);
  });
});

describe('sparkline', () => {
  it('leaves empty intervals empty and gives the largest the full height', () => {
    expect(sparkline([0, 1, 4, 8], 10)).toBe(' ▂▅█');
  });

  it('sums neighbours when there are more intervals than room', () => {
    expect(sparkline([1, 1, 0, 0, 0, 1], 3)).toBe('█ ▅');
  });
});

describe('painter', () => {
  it('keeps the hue of a shade, takes other colours as they are, and knows plain text', () => {
    const paint = painter(true);
    expect(paint('x', 'semi-dark-red')).toBe('\u001b[31mx\u001b[0m');
    expect(paint('x', '#B35F1E')).toBe('\u001b[38;2;179;95;30mx\u001b[0m');
    expect(paint('x', undefined)).toBe('x');
    expect(plain('x', 'red')).toBe('x');
  });
});
