import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '#simulators/core/random.ts'
import { Obligations } from '#test/support/power-cut/acknowledgements.ts'
import { acknowledgedFile, cutPoints, cutPower } from '#test/support/power-cut/cut-power.ts'
import { compileRecorder, diskEnvironment } from '#test/support/power-cut/recorder.ts'
import { readWriteLog } from '#test/support/power-cut/write-log.ts'
import { repository } from '#test/support/program.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { DriverProcess } from './driver-process.ts'
import type { Random } from '#simulators/core/random.ts'
import type { DriverTask } from '#test/support/power-cut/acknowledgements.ts'

// Disks that take their time or give up. The recorder makes each fsync slow, or one call fail with EIO.

const seed = Number(process.env['DISK_SEED'] ?? 20_260_109)
const run = promisify(execFile)

const scratch = (): string => {
  const folder = realpathSync(mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'slow-disk-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'outbox'))
  return folder
}

const taskIn = (folder: string, change: Partial<DriverTask>): DriverTask => ({
  folder: join(folder, 'outbox'),
  acknowledged: join(folder, 'outbox', acknowledgedFile),
  seed,
  records: 300,
  keep: 1e6,
  end: 'close',
  uplink: null,
  lie: null,
  ...change,
})

interface Seen {
  readonly order: readonly { readonly what: string; readonly afterMs: number; readonly turns: number }[]
  readonly loopP99Ms: number
  readonly loopMaxMs: number
  readonly turns: number
}

const available = findService('cc') !== null
const suite = (name: string): string => (available ? `${name}, seed ${seed}` : `skipped, ${missingService('cc')}`)

describe.skipIf(!available && !servicesRequired())(suite('a slow disk'), () => {
  it.each([20, 5_000])(
    'of %i ms an fsync stops no thread that listens, and no alarm waits behind telemetry',
    async (ms) => {
      const folder = scratch()
      const delay = join(folder, 'delay')
      const { stdout } = await run(
        process.execPath,
        [
          '--disable-warning=ExperimentalWarning',
          'test/faults/slow-disk-driver.ts',
          join(folder, 'outbox'),
          delay,
          String(ms),
        ],
        {
          cwd: repository,
          env: {
            ...process.env,
            ...diskEnvironment(compileRecorder(folder), { folder: join(folder, 'outbox'), syncDelay: delay }),
          },
        },
      )
      const { order, loopP99Ms, loopMaxMs, turns }: Seen = JSON.parse(stdout)
      console.log(
        `fsync of ${ms} ms: ${order.map(({ what, afterMs }) => `${what} after ${afterMs} ms`).join(', ')}; ` +
          `main loop ${turns} turns, delay p99 ${loopP99Ms} ms, most ${loopMaxMs} ms`,
      )
      // At most the commit that was in work already is ahead of the alarm.
      expect(order.findIndex(({ what }) => what === 'alarm')).toBeLessThanOrEqual(1)
      expect(order.map(({ what }) => what).toSorted()).toEqual(['alarm', 'telemetry 1', 'telemetry 2', 'telemetry 3'])
      // No commit is told before its fsync has had its time, and the loop turned meanwhile.
      expect(order[0]?.afterMs).toBeGreaterThanOrEqual(ms)
      expect(turns).toBeGreaterThan(ms === 20 ? 1 : 50)
    },
  )

  it('never lets an acknowledgement overtake its fsync', async () => {
    const folder = scratch()
    const delay = join(folder, 'delay')
    writeFileSync(delay, '20')
    const log = join(folder, 'write-log')
    const env = diskEnvironment(compileRecorder(folder), { folder: join(folder, 'outbox'), log, syncDelay: delay })
    expect(await new DriverProcess(taskIn(folder, { records: 200 }), { env }).ended).toBe(0)
    const operations = readWriteLog(log)
    const random = seededRandom(seed)
    const report = cutPower(operations, cutPoints(operations, 200, random), join(folder, 'cut'), random)
    expect(report).toMatchObject({ corrupt: [], lost: [] })
    expect(report.acknowledged).toBeGreaterThanOrEqual(200)
  })
})

interface Failing {
  readonly call: 'sync' | 'write'
  readonly n: number
}

/** One life on a disk of which one call fails; what a power cut right after it leaves is judged, too: the kernel may drop what it could not write. */
const failOnce = async (failing: Failing, library: string, imports: readonly string[] = []) => {
  const folder = scratch()
  const log = join(folder, 'write-log')
  // A planted fault lets it live on.
  const task = taskIn(folder, { records: imports.length > 0 ? 400 : null, keep: 200, end: 'close' })
  const env = diskEnvironment(library, { folder: task.folder, log, fail: failing })
  const driver = new DriverProcess(task, { env, imports })
  const end = await driver.ended
  const operations = readWriteLog(log)
  const obligations = new Obligations()
  obligations.read(driver.told)
  const points = Array.from({ length: 10 }, () => operations.length)
  const cut = cutPower(operations, points, join(folder, 'cut'), seededRandom(failing.n))
  // What the supervisor starts goes on with the same files.
  const again = new DriverProcess({ ...task, records: 20, end: 'close' })
  const endAgain = await again.ended
  return {
    end,
    stderr: driver.stderr,
    acknowledged: obligations.acknowledged,
    cut,
    endAgain,
    stderrAgain: again.stderr,
  }
}

const failures = (random: Random): readonly Failing[] => [
  ...[1, 2, 3, 4, 5, 6, 8].map((n): Failing => ({ call: 'sync', n })),
  ...Array.from({ length: 4 }, (): Failing => ({ call: 'sync', n: random.whole(9, 60) })),
  ...Array.from({ length: 9 }, (): Failing => ({ call: 'write', n: random.whole(1, 300) })),
]

describe.skipIf(!available && !servicesRequired())(suite('a disk that answers EIO'), () => {
  it('ends the program where it stands; nothing that was acknowledged is lost, and it starts again', async () => {
    const library = compileRecorder(scratch())
    const all = failures(seededRandom(seed))
    let acknowledged = 0
    let deaths = 0
    const judge = async (failing: Failing): Promise<void> => {
      const what = `${failing.call} ${failing.n}`
      const { end, stderr, cut, endAgain, stderrAgain, ...life } = await failOnce(failing, library)
      // The driver's own log lies on the same disk: a failure there says nothing about the outbox.
      if (stderr.includes('at tell (')) return
      // During the start nothing has been acknowledged: the program may end with a word instead.
      if (life.acknowledged > 0) expect(end, `${what}: ${stderr}`).toBe('SIGKILL')
      else expect(end, what).not.toBe(0)
      if (end === 'SIGKILL') {
        expect(stderr, what).toContain('GW_OUTBOX_IO')
        deaths += 1
      }
      expect(cut, what).toMatchObject({ corrupt: [], lost: [] })
      expect(endAgain, `${what}: ${stderrAgain}`).toBe(0)
      acknowledged += life.acknowledged
    }
    for (let at = 0; at < all.length; at += 2) await Promise.all(all.slice(at, at + 2).map(judge))
    console.log(
      `${all.length} disks failed once with EIO, seed ${seed}: ${deaths} programs killed themselves in the middle of their work, ` +
        `${acknowledged} records acknowledged before, 0 lost`,
    )
    expect(deaths).toBeGreaterThan(all.length / 2)
  })

  it('is seen to take records of a program that goes on after the error', async () => {
    const library = compileRecorder(scratch())
    const planted = join(import.meta.dirname, 'planted', 'io-errors-ignored.ts')
    const seen = await Promise.all(
      [20, 25, 30].map(async (n) => (await failOnce({ call: 'sync', n }, library, [planted])).cut.lost.length),
    )
    console.log(`I/O errors ignored: ${seen.filter((lost) => lost > 0).length} of ${seen.length} disks lost records`)
    expect(seen.some((lost) => lost > 0)).toBe(true)
  })
})
