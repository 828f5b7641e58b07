import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '#simulators/core/random.ts'
import { acknowledgedFile, cutPoints, cutPower, unrecorded } from '#test/support/power-cut/cut-power.ts'
import { compileRecorder, diskEnvironment } from '#test/support/power-cut/recorder.ts'
import { readWriteLog } from '#test/support/power-cut/write-log.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { DriverProcess } from './driver-process.ts'
import type { DriverTask } from '#test/support/power-cut/acknowledgements.ts'
import type { DiskOperation } from '#test/support/power-cut/write-log.ts'

// Every write, sync and rename of a real outbox is recorded. Then power is cut after any of them: what was not synced is there, or
// not, or torn, sector by sector, as the seed decides. What had been acknowledged by then must be found, and the files must open.

const seed = Number(process.env['POWER_CUT_SEED'] ?? 20_260_107)
const cuts = Number(process.env['POWER_CUTS'] ?? 1_500)
const cutsWithFault = 300

/** Lives of one outbox: killed in the middle of commits, closed cleanly, killed again. */
const lives = [
  { records: 500, end: 'kill' },
  { records: 400, end: 'close' },
  { records: 600, end: 'kill' },
] as const

const scratch = (): string => {
  // In memory where there is room: a cut writes the files anew, thousands of times.
  const folder = realpathSync(mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'power-cut-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const record = async (folder: string, planted: string | null = null): Promise<readonly DiskOperation[]> => {
  const outbox = join(folder, 'outbox')
  mkdirSync(outbox)
  const log = join(folder, 'write-log')
  const env = diskEnvironment(compileRecorder(folder), { folder: outbox, log })
  const imports = planted === null ? [] : [join(import.meta.dirname, planted)]
  for (const [index, { records, end }] of lives.entries()) {
    const acknowledged = join(outbox, acknowledgedFile)
    const task: DriverTask = {
      folder: outbox,
      acknowledged,
      seed: seed + index,
      records,
      keep: 60,
      end,
      uplink: null,
      lie: null,
    }
    expect(await new DriverProcess(task, { env, imports }).ended).toBe(end === 'kill' ? 'SIGKILL' : 0)
  }
  const operations = readWriteLog(log)
  expect(unrecorded(operations, outbox)).toEqual([])
  return operations
}

const available = findService('cc') !== null

describe.skipIf(!available && !servicesRequired())(
  available ? `a power cut, seed ${seed}` : `skipped, ${missingService('cc')}`,
  () => {
    it('takes no acknowledged record and leaves files that open, wherever it falls', async () => {
      const folder = scratch()
      const operations = await record(folder)
      const random = seededRandom(seed)
      const points = cutPoints(operations, cuts, random)
      const started = performance.now()
      const { acknowledged, looked, corrupt, lost } = cutPower(operations, points, join(folder, 'cut'), random)
      console.log(
        `${points.length} power cuts over ${operations.length} disk operations, seed ${seed}: ${acknowledged} records acknowledged, ` +
          `${looked} looked for, ${lost.length} cuts lost records, ${corrupt.length} left a corrupt file, ` +
          `${((performance.now() - started) / 1000).toFixed(1)} s`,
      )
      expect(corrupt).toEqual([])
      expect(lost).toEqual([])
      expect(acknowledged).toBeGreaterThan(1_000)
      expect(looked).toBeGreaterThan(cuts * 20)
    })

    it('is seen to take records from an outbox that commits with synchronous = NORMAL', async () => {
      const folder = scratch()
      const operations = await record(folder, 'planted/synchronous-normal.ts')
      const random = seededRandom(seed)
      const points = cutPoints(operations, cutsWithFault, random)
      const { lost } = cutPower(operations, points, join(folder, 'cut'), random)
      const most = Math.max(0, ...lost.map(({ records }) => records))
      console.log(
        `synchronous = NORMAL: ${lost.length} of ${points.length} power cuts lost up to ${most} acknowledged records`,
      )
      expect(lost.length).toBeGreaterThan(cutsWithFault / 10)
    })
  },
)
