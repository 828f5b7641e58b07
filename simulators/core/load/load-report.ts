import { percentiles, type Percentiles } from './percentiles.ts'

export interface LoadPlan {
  readonly hubs: number
  /** Of all hubs together, samples a second. */
  readonly rate: number
  readonly seconds: number
}

/** What a load has come to. Times in ms. */
export interface LoadReport extends LoadPlan {
  readonly due: number
  readonly stored: number
  /** Stored a second, over the time until the last one was. */
  readonly throughput: number
  readonly unanswered: number
  readonly droppedByHubs: number
  /** From the moment a sample was due until the server said that it is stored: what waits in a queue counts. */
  readonly sampleMs: Percentiles | null
  /** Of single requests that were answered. */
  readonly requestMs: Percentiles | null
  readonly requests: number
  /** Refused records by reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Requests that brought no verdicts, by status and code; `0`: no answer. */
  readonly failed: Readonly<Record<string, number>>
  readonly busy: number
}

/** Adds up what happens during a load. */
export class LoadTally {
  readonly #sampleMs: number[] = []
  readonly #requestMs: number[] = []
  readonly #refused = new Map<string, number>()
  readonly #failed = new Map<string, number>()
  #due = 0
  #requests = 0
  #lastStoredMs = 0

  dued(count: number): void {
    this.#due += count
  }

  /** `atMs`: since the start. */
  stored(dueMs: number, atMs: number): void {
    this.#sampleMs.push(atMs - dueMs)
    this.#lastStoredMs = atMs
  }

  refused(reason: string): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1)
  }

  /** `code` null: the server told none. */
  tried(status: number, code: string | null, tookMs: number): void {
    this.#requests += 1
    if (status !== 0) this.#requestMs.push(tookMs)
    if (status === 200) return
    const name = code === null ? String(status) : `${status} ${code}`
    this.#failed.set(name, (this.#failed.get(name) ?? 0) + 1)
  }

  report(plan: LoadPlan, droppedByHubs: number): LoadReport {
    const stored = this.#sampleMs.length
    const refused = Object.fromEntries(this.#refused)
    const busy = [...this.#failed].reduce((sum, [name, count]) => (name.startsWith('503') ? sum + count : sum), 0)
    const answered = stored + Object.values(refused).reduce((sum, count) => sum + count, 0)
    return {
      ...plan,
      due: this.#due,
      stored,
      throughput: this.#lastStoredMs === 0 ? 0 : (1000 * stored) / this.#lastStoredMs,
      unanswered: this.#due - answered - droppedByHubs,
      droppedByHubs,
      sampleMs: percentiles(this.#sampleMs),
      requestMs: percentiles(this.#requestMs),
      requests: this.#requests,
      refused,
      failed: Object.fromEntries(this.#failed),
      busy,
    }
  }
}

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value))).padStart(8)

const row = (name: string, found: Percentiles | null): string =>
  found === null
    ? `${name.padEnd(26)}       –`
    : `${name.padEnd(26)}${ms(found.p50)}${ms(found.p90)}${ms(found.p99)}${ms(found.max)}`

const list = (name: string, counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(counts).map(([reason, count]) => `${name.padEnd(26)}${String(count).padStart(8)}  ${reason}`)

/** For people. */
export const loadTable = (report: LoadReport): string =>
  [
    `${report.hubs} hubs, ${report.rate} samples a second wanted, ${report.seconds} s`,
    '',
    `${'samples due'.padEnd(26)}${String(report.due).padStart(8)}`,
    `${'stored'.padEnd(26)}${String(report.stored).padStart(8)}  ${report.throughput.toFixed(1)} a second`,
    ...(report.unanswered === 0 ? [] : [`${'without an answer'.padEnd(26)}${String(report.unanswered).padStart(8)}`]),
    ...(report.droppedByHubs === 0
      ? []
      : [`${'given up by full hubs'.padEnd(26)}${String(report.droppedByHubs).padStart(8)}`]),
    `${'requests'.padEnd(26)}${String(report.requests).padStart(8)}  ${report.busy} answered 503`,
    ...list('records refused', report.refused),
    ...list('requests failed', report.failed),
    '',
    `${'ms'.padEnd(26)}     p50     p90     p99     max`,
    row('sample, due to stored', report.sampleMs),
    row('request', report.requestMs),
  ].join('\n')
