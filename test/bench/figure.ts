/** What a figure is held to: its own value, or its ratio to the limit measured in the same run. */
export interface Target {
  readonly on: 'value' | 'ratio'
  readonly atMost?: number
  readonly atLeast?: number
}

/** One measured number. `limit` is what this machine could do at best, measured in the same run: it makes runs on different machines comparable. */
export interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly limit?: number
  /** Absent: the figure is there to be known, nothing depends on it. */
  readonly target?: Target
}

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly limit: number | null
  /** value / limit. */
  readonly ratio: number | null
  readonly target: string | null
  readonly reached: boolean | null
}

const signs = { atMost: '≤', atLeast: '≥' } as const

const judged = (actual: number, { atMost = Infinity, atLeast = -Infinity }: Target): boolean =>
  actual <= atMost && actual >= atLeast

const inWords = (target: Target): string =>
  (['atMost', 'atLeast'] as const)
    .flatMap((side) => (target[side] === undefined ? [] : [`${target.on} ${signs[side]} ${target[side]}`]))
    .join(', ')

/** Three significant digits say all that a shared machine can know. */
export const rounded = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(3)))

export const figureOf = ({ name, value, unit, limit, target }: Measured): Figure => {
  const ratio = limit === undefined || limit === 0 ? null : value / limit
  const actual = target?.on === 'ratio' ? ratio : value
  return {
    name,
    value: rounded(value),
    unit,
    limit: limit === undefined ? null : rounded(limit),
    ratio: ratio === null ? null : rounded(ratio),
    target: target === undefined ? null : inWords(target),
    // A ratio that could not be had is no success.
    reached: target === undefined ? null : actual !== null && judged(actual, target),
  }
}

const cell = (value: number | string | null): string => (value === null ? '–' : String(value))

const reachedWord = (reached: boolean | null): string => {
  if (reached === null) return '–'
  return reached ? 'yes' : 'NO'
}

/** A table for people, one line a figure. */
export const tableOf = (figures: readonly Figure[]): string => {
  const head = ['measure', 'value', 'unit', 'limit', 'ratio', 'target', 'reached']
  const rows = figures.map(({ name, value, unit, limit, ratio, target, reached }) => [
    name,
    cell(value),
    unit,
    cell(limit),
    cell(ratio),
    cell(target),
    reachedWord(reached),
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}
