/** Grafana's colours in a terminal. */

/** Puts text into a colour; does nothing where colours would only be noise. */
export type Paint = (text: string, colour: string | undefined) => string;

const CODES: Record<string, string> = {
  red: '31',
  orange: '38;5;208',
  yellow: '33',
  green: '32',
  blue: '34',
  purple: '35',
  grey: '90',
  bold: '1',
};

/** Colours for a terminal, plain text otherwise. */
export function painter(enabled: boolean): Paint {
  return (text, colour) => {
    const code = enabled ? codeOf(colour) : undefined;
    return code ? `\u001b[${code}m${text}\u001b[0m` : text;
  };
}

// Shades such as "semi-dark-red" keep their hue; the terminal has one colour a hue.
function codeOf(colour: string | undefined): string | undefined {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour ?? '');
  if (hex) {
    return `38;2;${hex
      .slice(1)
      .map((part) => parseInt(part, 16))
      .join(';')}`;
  }
  return CODES[colour?.split('-').pop() ?? ''];
}
