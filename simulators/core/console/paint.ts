export type Style = 'bold' | 'dim' | 'inverse' | 'red' | 'yellow' | 'green' | 'cyan'

export interface Span {
  readonly text: string
  readonly style?: Style
}

export type Line = readonly Span[]

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, inverse: 7, red: 31, yellow: 33, green: 32, cyan: 36 }
const isColour = (style: Style): boolean => codes[style] > 29

/** Nothing that came over a wire may steer the terminal, and every character is one column wide. */
const harmless = (text: string): string => text.replaceAll(/[^ -~×─│▸●…‖·’–]/gu, '·')

/** Exactly `columns` wide, as the terminal takes it. */
export const paintLine = (line: Line, columns: number, hasColour: boolean): string => {
  let room = columns
  let painted = ''
  for (const { text, style } of line) {
    const whole = Array.from(harmless(text))
    const shown = whole.length > room ? [...whole.slice(0, Math.max(0, room - 1)), ...(room > 0 ? ['…'] : [])] : whole
    room -= shown.length
    const plain = style === undefined || (isColour(style) && !hasColour)
    painted += plain ? shown.join('') : `\u001B[${codes[style]}m${shown.join('')}\u001B[0m`
  }
  return painted + ' '.repeat(room)
}

/** What changes one painted screen into another; `before` empty: everything. */
export const repaint = (before: readonly string[], after: readonly string[]): string =>
  after.map((line, row) => (line === before[row] ? '' : `\u001B[${row + 1};1H${line}`)).join('')
