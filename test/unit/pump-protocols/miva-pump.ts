import type { Bench } from './session-support.ts'
import { stxSum } from './support.ts'

/** One entry of the log with the time 2022-11-04 11:10:36. */
export const logEntry = (type: number, subtype = 0, floats = '0000000000000000'): string =>
  `${hex(type, 2)}5AC8B2A4${hex(subtype, 4)}${floats}00`

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

/** A pump that answers from a table, written apart from the simulator. */
export class FakeMiva {
  readonly log = new Map<number, string>()
  serial = 'SN800009'
  tail = 0
  head = -1
  rule: 'sum' | 'xor' = 'sum'
  /** Answers that differ from the usual ones; null: none. */
  readonly answers: Record<string, string | null> = {}

  constructor(...entries: readonly string[]) {
    this.write(...entries)
  }

  write(...entries: readonly string[]): this {
    for (const entry of entries) {
      this.head = (this.head + 1) % 0xa900
      this.log.set(this.head, entry)
    }
    return this
  }

  answer(request: string): Uint8Array | null {
    const name = request.slice(0, 2)
    const other = this.answers[request] ?? this.answers[name]
    if (other === null || this.answers[name] === null) return null
    const data = other ?? this.#usual(request)
    return data === null ? null : stxSum(name + data, this.rule)
  }

  #usual(request: string): string | null {
    if (request.startsWith('RE'))
      return request.slice(2) + (this.log.get(Number.parseInt(request.slice(2), 16)) ?? 'F'.repeat(32))
    switch (request) {
      case 'RN':
        return this.serial
      case 'RI':
        return hex(this.tail, 8) + hex(Math.max(0, this.head), 8)
      default:
        return usual[request] ?? null
    }
  }
}

const usual: Readonly<Record<string, string>> = {
  RS: '1.02.003',
  RB: '07D0',
  RL: 'SIM LIBRARY   1.0.00',
  RC: '040B160B0A24',
  R7: '01A9',
  RD: '00FF0A10',
  R2: '01000B00',
  Q0: 'CONTINUOUS',
  Q3: '0E10',
  Q4: 'mL/hr',
  Q5: '04E2',
  Q6: '0BB8',
  Q7: '0',
  QD: '2710',
}

/** Lets `ms` pass; the pump answers each request 20 ms after it was sent. What was asked, as TEXT. */
export const play = (bench: Bench, pump: FakeMiva, ms: number): readonly string[] => {
  const asked: string[] = []
  const until = bench.nowMs + ms
  while (bench.nowMs < until) {
    bench.pass(20)
    while (bench.sent.length > 0 && bench.nowMs < until) {
      const request = (bench.sent.shift() ?? '').slice(1, -3)
      asked.push(request)
      const answer = pump.answer(request)
      if (answer === null) continue
      bench.nowMs += 20
      bench.receive(answer)
    }
  }
  return asked
}
