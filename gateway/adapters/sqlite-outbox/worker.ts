import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { failpoint } from './failpoint.ts'
import { lockFolder } from './folder-lock.ts'
import { GroupCommit, groupRows, groupWaitMs } from './group-commit.ts'
import { LaneFiles } from './lane-files.ts'
import type { Answer, Failure, FromWorker, Request, WorkerData } from './messages.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { QuarantineNotice, Stamp } from '../../core/ports.ts'

// All of the outbox's disk work, so that an fsync of 100 ms never stops the thread that listens to pumps.

/** How often the files are kept house with, ms. */
const tickMs = 1_000
/** Telemetry that is due waits for so many commits of alarms at most. */
const alarmCommitsPerTelemetry = 4
/** Between two steps of thinning, ms, and as long as a step took: alarms come in between. */
const thinEveryMs = 20

/** After a failed fsync nobody knows what is on the disk. A clean exit would checkpoint it, so the process dies where it stands. */
const die = (error: unknown): never => {
  const msg = `outbox I/O error, stopping at once so that nothing is promised that is not on the disk: ${messageOf(error)}`
  writeSync(2, `${JSON.stringify({ level: 60, code: 'GW_OUTBOX_IO', msg })}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw error
}

const failureOf = (error: unknown): Failure => ({
  code: error instanceof GatewayError ? error.code : 'GW_OUTBOX_UNFIT',
  message: messageOf(error),
})

const serve = (port: NonNullable<typeof parentPort>, { folder, bootId, limits, timeOrigin }: WorkerData): void => {
  const send = (message: FromWorker): void => port.postMessage(message)
  const stamp = (): Stamp => ({
    monotonicMs: Math.max(0, performance.timeOrigin + performance.now() - timeOrigin),
    wallAt: Date.now(),
    clockQuality: 'unknown',
  })
  const report = (notice: QuarantineNotice): void => send({ kind: 'quarantined', notice })
  const early: QuarantineNotice[] = []
  let quarantined = (notice: QuarantineNotice): void => void early.push(notice)
  const lock = lockFolder(folder)
  failpoint('start-locked')
  const files = new LaneFiles({ folder, bootId, limits, stamp, die, quarantined: (notice) => quarantined(notice) })
  const alarms = new GroupCommit((records) => files.append('alarm', records))
  const telemetry = new GroupCommit((records) => files.append('telemetry', records))
  let commitDue: NodeJS.Immediate | null = null
  let telemetryDue: NodeJS.Timeout | null = null
  let telemetryNow = false
  let alarmCommitsInRow = 0
  let thinDue: NodeJS.Timeout | null = null
  let trouble: string | null = null

  const guarded = (work: () => void) => (): void => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof GatewayError)) die(error)
    }
  }
  const thin = guarded(() => {
    thinDue = null
    const startedMs = performance.now()
    if (files.thin()) thinDue = setTimeout(thin, Math.max(thinEveryMs, performance.now() - startedMs))
  })
  const keepHouse = guarded(() => {
    files.tick()
    thinDue ??= setTimeout(thin, 0)
    const now = files.trouble()
    // The text has figures that change all the time: what is new is another sentence.
    const sentence = now === null ? null : now.text.replaceAll(/[\d.]+/g, '')
    if (sentence !== trouble) send({ kind: 'storage', trouble: now })
    trouble = sentence
  })
  // One commit a turn of the loop, so that its answers leave before the next begins. On a slow disk an alarm waits for the commit in
  // work and goes before telemetry that came earlier; telemetry has its turn after a few alarm commits.
  const commit = (): void => {
    commitDue = null
    if (alarms.rows > 0 && !(telemetryNow && alarmCommitsInRow >= alarmCommitsPerTelemetry)) {
      alarmCommitsInRow += 1
      alarms.flush()
    } else if (telemetryNow) {
      alarmCommitsInRow = 0
      commitTelemetry()
    }
    if (alarms.rows > 0 || telemetryNow) commitDue ??= setImmediate(commit)
  }
  const commitTelemetry = (): void => {
    clearTimeout(telemetryDue ?? undefined)
    telemetryDue = null
    telemetryNow = false
    telemetry.flush()
    thinDue ??= setTimeout(thin, 0)
  }
  const commitSoon = (lane: Lane): void => {
    if (lane === 'telemetry') telemetryNow = true
    commitDue ??= setImmediate(commit)
  }

  const answer = async (request: Request): Promise<Answer> => {
    switch (request.ask) {
      case 'append': {
        const isAlarm = request.lane === 'alarm'
        const seqs = (isAlarm ? alarms : telemetry).add(request.records)
        if (isAlarm || telemetry.rows >= groupRows) commitSoon(request.lane)
        else telemetryDue ??= setTimeout(() => commitSoon('telemetry'), groupWaitMs)
        return { ask: 'append', seqs: await seqs }
      }
      case 'peek': {
        const peeked = files.file(request.lane).peek(request.limit, request.order, request.after)
        for (const notice of peeked.quarantined) report(notice)
        return { ask: 'peek', records: peeked.records }
      }
      case 'settle':
        files.settle(request.seqs)
        return { ask: 'settle' }
      case 'quarantine':
        for (const lane of ['alarm', 'telemetry'] as const)
          for (const notice of files.file(lane).quarantine(request.seq, request.reason)) report(notice)
        return { ask: 'quarantine' }
      case 'depth':
        return { ask: 'depth', depth: files.depth() }
      case 'hurry':
        commitSoon('telemetry')
        return { ask: 'hurry' }
      case 'close':
        clearInterval(house)
        alarms.flush()
        commitTelemetry()
        clearTimeout(thinDue ?? undefined)
        files[Symbol.dispose]()
        lock[Symbol.dispose]()
        return { ask: 'close' }
    }
  }

  port.on('message', (request: Request) => {
    answer(request)
      .then(
        (answer) => send({ kind: 'answer', id: request.id, answer }),
        (error: unknown) => send({ kind: 'failure', id: request.id, failure: failureOf(error) }),
      )
      .finally(() => {
        if (request.ask === 'close') port.close()
      })
      .catch(die)
  })
  const house = setInterval(keepHouse, tickMs)
  failpoint('start-ready')
  send({ kind: 'ready', salvaged: files.salvaged })
  quarantined = report
  for (const notice of early) report(notice)
}

if (parentPort !== null) {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- handed over by sqlite-outbox.ts alone
    serve(parentPort, workerData as WorkerData)
  } catch (error) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    parentPort.postMessage({ kind: 'unfit', failure: failureOf(error) } satisfies FromWorker)
    parentPort.close()
  }
}
