import type { UplinkRecord } from '#domain/uplink/records.ts'

/** What test/faults/outbox-driver.ts is asked to do. */
export interface DriverTask {
  /** The outbox. */
  readonly folder: string
  /** The driver's own log. */
  readonly acknowledged: string
  readonly seed: number
  /** Records after which it ends; null: never. */
  readonly records: number | null
  /** Rows that stay in each lane when delivered ones leave. */
  readonly keep: number
  /** `drained`: closed when nothing is left to deliver. */
  readonly end: 'close' | 'kill' | 'drained'
  /** Delivers what is stored to this server, with the key in `identity`; null: drops it as if it had been delivered. */
  readonly uplink: { readonly server: string; readonly identity: string } | null
  /** A planted fault, to show that the test would see it. */
  readonly lie: 'acknowledges-early' | null
}

/** What tells the driver's records apart: it is made of the record's body alone. */
export const tokenOf = (record: UplinkRecord): string | null => {
  if (record.kind === 'condition') return record.body.episodeId
  return record.kind === 'telemetry' ? String(record.body.rateMlPerHour) : null
}

/** Reads the driver's log. An acknowledgement is an obligation until the record may leave. */
export class Obligations {
  /** Tokens with the numbers that they were acknowledged under. */
  readonly owed = new Map<string, number>()
  readonly #mayLeave = new Set<string>()
  #highest = 0
  #acknowledged = 0

  /** Acknowledgements so far, those of settled records too. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** The highest number that was acknowledged. */
  get highest(): number {
    return this.#highest
  }

  /** Takes whole lines. */
  read(text: string): void {
    for (const line of text.split('\n')) {
      const [word, number, token = ''] = line.split(' ')
      if (word === 'leaves') {
        this.#mayLeave.add(token)
        this.owed.delete(token)
      }
      if (word !== 'safe') continue
      this.#acknowledged += 1
      this.#highest = Math.max(this.#highest, Number(number))
      if (!this.#mayLeave.has(token)) this.owed.set(token, Number(number))
    }
  }
}
