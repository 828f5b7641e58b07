import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { failpoint } from './failpoint.ts'
import { lockFolder } from './folder-lock.ts'
import { GroupCommit, groupRows, groupWaitMs } from './group-commit.ts'
import { LaneFiles } from './lane-files.ts'
import type { Answer, Failure, FromWorker, Request, WorkerData } from './messages.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { QuarantineNotice } from '../../core/ports.ts'

// All of the outbox's disk work, so that an fsync of 100 ms never stops the thread that listens to pumps.

/** After a failed fsync nobody knows what is on the disk. A clean exit would checkpoint it, so the process dies where it stands. */
const die = (error: unknown): never => {
  writeSync(2, `${JSON.stringify({ level: 60, code: 'GW_OUTBOX_IO', msg: `outbox I/O error: ${messageOf(error)}` })}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw error
}

/** Telemetry that is due waits for so many commits of alarms at most. */
const alarmCommitsPerTelemetry = 4

const failureOf = (error: unknown): Failure => ({
  code: error instanceof GatewayError ? error.code : 'GW_OUTBOX_UNFIT',
  message: messageOf(error),
})

const serve = (port: NonNullable<typeof parentPort>, { folder, bootId }: WorkerData): void => {
  const send = (message: FromWorker): void => port.postMessage(message)
  const lock = lockFolder(folder)
  failpoint('start-locked')
  const files = new LaneFiles({ folder, bootId, die })
  const alarms = new GroupCommit((records) => files.append('alarm', records))
  const telemetry = new GroupCommit((records) => files.append('telemetry', records))
  let commitDue: NodeJS.Immediate | null = null
  let telemetryDue: NodeJS.Timeout | null = null
  let telemetryNow = false
  let alarmCommitsInRow = 0

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
  }
  const commitSoon = (lane: Lane): void => {
    if (lane === 'telemetry') telemetryNow = true
    commitDue ??= setImmediate(commit)
  }
  const report = (notices: readonly QuarantineNotice[]): void => {
    for (const notice of notices) send({ kind: 'quarantined', notice })
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
        const { records, quarantined } = files.file(request.lane).peek(request.limit, request.order)
        report(quarantined)
        return { ask: 'peek', records }
      }
      case 'settle':
        files.settle(request.seqs)
        return { ask: 'settle' }
      case 'quarantine':
        report(files.alarm.quarantine(request.seq, request.reason))
        report(files.telemetry.quarantine(request.seq, request.reason))
        return { ask: 'quarantine' }
      case 'depth':
        return { ask: 'depth', depth: files.depth() }
      case 'hurry':
        commitSoon('telemetry')
        return { ask: 'hurry' }
      case 'close':
        alarms.flush()
        commitTelemetry()
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
  const salvaged = {
    ...(files.alarm.salvaged === null ? {} : { alarm: files.alarm.salvaged }),
    ...(files.telemetry.salvaged === null ? {} : { telemetry: files.telemetry.salvaged }),
  }
  failpoint('start-ready')
  send({ kind: 'ready', salvaged })
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
