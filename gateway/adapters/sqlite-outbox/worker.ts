import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { failpoint } from './failpoint.ts'
import { lockFolder } from './folder-lock.ts'
import { GroupCommit, groupRows, groupWaitMs } from './group-commit.ts'
import { LaneFiles } from './lane-files.ts'
import type { Answer, Failure, FromWorker, Request, WorkerData } from './messages.ts'
import type { QuarantineNotice } from '../../core/ports.ts'

// All of the outbox's disk work, so that an fsync of 100 ms never stops the thread that listens to pumps.

/** After a failed fsync nobody knows what is on the disk. A clean exit would checkpoint it, so the process dies where it stands. */
const die = (error: unknown): never => {
  writeSync(2, `${JSON.stringify({ level: 60, code: 'GW_OUTBOX_IO', msg: `outbox I/O error: ${messageOf(error)}` })}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw error
}

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
  let alarmsDue: NodeJS.Immediate | null = null
  let telemetryDue: NodeJS.Timeout | null = null

  // Alarms that arrived in one turn of the loop share one fsync; none waits for a later turn.
  const commitAlarms = (): void => {
    alarmsDue = null
    alarms.flush()
  }
  const commitTelemetry = (): void => {
    clearTimeout(telemetryDue ?? undefined)
    telemetryDue = null
    telemetry.flush()
  }
  const report = (notices: readonly QuarantineNotice[]): void => {
    for (const notice of notices) send({ kind: 'quarantined', notice })
  }

  const answer = async (request: Request): Promise<Answer> => {
    switch (request.ask) {
      case 'append': {
        const isAlarm = request.lane === 'alarm'
        const seqs = (isAlarm ? alarms : telemetry).add(request.records)
        if (isAlarm) alarmsDue ??= setImmediate(commitAlarms)
        else if (telemetry.rows >= groupRows) commitTelemetry()
        else telemetryDue ??= setTimeout(commitTelemetry, groupWaitMs)
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
        commitTelemetry()
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
