import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BootId } from '#domain/ids.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import { Obligations, tokenOf } from './acknowledgements.ts'
import { DiskModel } from './disk-model.ts'
import type { Random } from '#simulators/core/random.ts'
import type { DiskOperation } from './write-log.ts'

/** The driver's own log lies in the watched folder, so that its lines have their place in the order of the disk. */
export const acknowledgedFile = 'acknowledged'

const isOutbox = (name: string): boolean =>
  name !== acknowledgedFile && !name.endsWith('-shm') && !name.startsWith('lock.db')

/** What the recorder missed: files whose replay differs from the disk. It must be empty, else the replay proves nothing. */
export const unrecorded = (operations: readonly DiskOperation[], folder: string): readonly string[] => {
  const disk = new DiskModel()
  for (const operation of operations) disk.apply(operation)
  return [...disk.whole()]
    .filter(([name, bytes]) => isOutbox(name) && !readFileSync(join(folder, name)).equals(bytes))
    .map(([name]) => name)
}

/** Where power is cut: after so many operations, ascending. Half of them next to a sync or an acknowledgement, where it hurts. */
export const cutPoints = (operations: readonly DiskOperation[], count: number, random: Random): readonly number[] => {
  const edges = operations.flatMap((operation, index) =>
    operation.kind === 'sync' || (operation.kind === 'write' && operation.file === acknowledgedFile)
      ? [index, index + 1]
      : [],
  )
  return Array.from({ length: count }, (_, n) =>
    n % 2 === 0 ? random.whole(1, operations.length) : (edges[random.whole(0, edges.length - 1)] ?? 1),
  ).toSorted((a, b) => a - b)
}

export interface CutReport {
  readonly cuts: number
  /** Acknowledgements before the last cut. */
  readonly acknowledged: number
  /** Obligations that were looked for, over all cuts. */
  readonly looked: number
  /** Cuts after which a file did not open, was set aside, or held a row with a wrong checksum. */
  readonly corrupt: readonly string[]
  /** Cuts that lost acknowledged records, and how many. */
  readonly lost: readonly { readonly cut: number; readonly records: number }[]
}

/** Opens what a power cut leaves as the gateway would, and looks for everything that is owed. */
const judge = (
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  owed: Obligations,
): { readonly corrupt: string | null; readonly lost: number } => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of files) if (isOutbox(name)) writeFileSync(join(folder, name), bytes)
  try {
    using lanes = new LaneFiles({
      folder,
      bootId: BootId.parse('boot-after'),
      limits: smallOutbox,
      die: (error) => {
        throw error
      },
    })
    const found = new Map<string, number>()
    let broken = 0
    for (const lane of [lanes.alarm, lanes.telemetry]) {
      const { records, quarantined } = lane.peek(1_000_000, 'oldest')
      for (const record of records) found.set(tokenOf(record) ?? '', record.seq)
      broken += quarantined.length + (lanes.salvaged[lane.lane] === undefined ? 0 : 1)
    }
    // A number that was acknowledged is never given again.
    if (Math.max(lanes.alarm.highWater, lanes.telemetry.highWater) < owed.highest) broken += 1
    const lost = [...owed.owed].filter(([token, seq]) => found.get(token) !== seq).length
    return { corrupt: broken > 0 ? `${broken} broken` : null, lost }
  } catch (error) {
    return { corrupt: `does not open: ${String(error)}`, lost: owed.owed.size }
  }
}

/** Cuts the power at each of the points; `folder` is scratch space. */
export const cutPower = (
  operations: readonly DiskOperation[],
  points: readonly number[],
  folder: string,
  random: Random,
): CutReport => {
  const disk = new DiskModel()
  const obligations = new Obligations()
  const corrupt: string[] = []
  const lost: { cut: number; records: number }[] = []
  let looked = 0
  let at = 0
  for (const point of points) {
    for (; at < point; at += 1) {
      const operation = operations[at]
      if (operation === undefined) break
      disk.apply(operation)
      if (operation.kind === 'write' && operation.file === acknowledgedFile)
        obligations.read(Buffer.from(operation.bytes).toString())
    }
    const verdict = judge(folder, disk.afterPowerCut(random), obligations)
    looked += obligations.owed.size
    if (verdict.corrupt !== null) corrupt.push(`after operation ${point}: ${verdict.corrupt}`)
    if (verdict.lost > 0) lost.push({ cut: point, records: verdict.lost })
  }
  return { cuts: points.length, acknowledged: obligations.acknowledged, looked, corrupt, lost }
}
