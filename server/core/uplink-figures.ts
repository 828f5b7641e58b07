import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'

export interface LaneFigures {
  batches: number
  readonly records: Record<Verdict['verdict'], number>
}

const none = (): LaneFigures => ({ batches: 0, records: { stored: 0, refused: 0, retry: 0 } })

/** What hubs brought and what became of it, since the start of the server. */
export class UplinkFigures {
  readonly lanes: Readonly<Record<Lane, LaneFigures>> = { alarm: none(), telemetry: none() }

  answered(lane: Lane, verdicts: readonly Verdict[]): void {
    const figures = this.lanes[lane]
    figures.batches += 1
    for (const { verdict } of verdicts) figures.records[verdict] += 1
  }
}
