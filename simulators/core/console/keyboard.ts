const named: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-c',
  '\x0c': 'ctrl-l',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[5~': 'page-up',
  '\x1b[6~': 'page-down',
  '\x1b': 'escape',
}

// oxlint-disable-next-line no-control-regex -- what a terminal sends for keys without a letter
const pieces = /\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[^]/gu

/** What was pressed, by name or as the character itself; keys without a meaning here are left out. */
export const keysPressed = (text: string): readonly string[] =>
  [...text.matchAll(pieces)].flatMap(([piece]) => {
    const name = named[piece]
    if (name !== undefined) return [name]
    return piece.length === 1 && piece >= ' ' && piece <= '~' ? [piece] : []
  })
