import { Worker } from 'node:worker_threads'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { defaultLimits } from './limits.ts'
import type { StorageTrouble } from './storage-trouble.ts'
import type { OutboxLimits } from './limits.ts'
import type { BootId } from '#domain/ids.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord, Outbox, OutboxDepth, OutboxRecord, OutboxSeq, QuarantineNotice } from '../../core/ports.ts'
import type { Answer, Ask, Failure, FromWorker, WorkerData } from './messages.ts'

export interface SqliteOutboxOptions {
  /** Made if it is missing; held by this process alone. */
  readonly folder: string
  /** New at each start. */
  readonly bootId: BootId
  readonly quarantined: (notice: QuarantineNotice) => void
  /** A file was damaged: it is kept under the name `setAside`, and `rows` good ones were carried over into a new one. */
  readonly salvaged: (lane: Lane, rows: number, setAside: string) => void
  /** What is wrong with the disk; null when it is well again. Told once per change. */
  readonly storage?: (trouble: StorageTrouble | null) => void
  readonly limits?: OutboxLimits
  /** The worker ended although nobody closed it: nothing can be stored any more. */
  readonly died: (error: unknown) => void
}

type Pending = {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

const toError = ({ code, message }: Failure): GatewayError => new GatewayError(code, message)

/**
 * The outbox on two SQLite files in a worker thread (reliability.md 3). Rejects with `GW_OUTBOX_LOCKED` when another process
 * has the folder and with `GW_OUTBOX_UNFIT` when the files would not survive power loss.
 */
export const openSqliteOutbox = async (options: SqliteOutboxOptions): Promise<Outbox> => {
  const { folder, bootId, limits = defaultLimits } = options
  const workerData: WorkerData = { folder, bootId, limits, timeOrigin: performance.timeOrigin }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const outbox = new WorkerOutbox(worker, options)
  await outbox.ready
  return outbox
}

class WorkerOutbox implements Outbox {
  readonly bootId: BootId
  readonly ready: Promise<void>
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #closed = false

  constructor(worker: Worker, options: SqliteOutboxOptions) {
    this.bootId = options.bootId
    this.#worker = worker
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.ready = promise
    let started = false
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'ready':
          for (const [lane, { rows, setAside }] of Object.entries(message.salvaged))
            options.salvaged(lane === 'alarm' ? 'alarm' : 'telemetry', rows, setAside)
          started = true
          return resolve()
        case 'unfit':
          this.#closed = true
          return reject(toError(message.failure))
        case 'answer':
          return this.#take(message.id)?.resolve(message.answer)
        case 'failure':
          return this.#take(message.id)?.reject(toError(message.failure))
        case 'quarantined':
          return options.quarantined(message.notice)
        case 'storage':
          return options.storage?.(message.trouble)
      }
    })
    const ended = (error: unknown): void => {
      const expected = this.#closed
      this.#closed = true
      const gone = new GatewayError('GW_OUTBOX_CLOSED', 'the outbox is closed', { cause: error })
      // Before it was ready nobody has been promised anything: the start fails and says why.
      reject(
        new GatewayError('GW_OUTBOX_UNFIT', `the outbox worker does not start: ${messageOf(error)}`, { cause: error }),
      )
      for (const pending of this.#pending.values()) pending.reject(gone)
      this.#pending.clear()
      if (!expected && started) options.died(error)
    }
    worker.on('error', ended)
    worker.on('exit', ended)
  }

  async append(records: readonly NewRecord[]): Promise<readonly OutboxSeq[]> {
    const lane = records[0]?.lane
    if (lane === undefined) return []
    if (records.some((record) => record.lane !== lane))
      throw new GatewayError('GW_OUTBOX_MIXED_LANES', 'no commit spans both lanes: append them one after the other')
    const answer = await this.#ask({ ask: 'append', lane, records })
    return answer.ask === 'append' ? answer.seqs : []
  }

  hurry(): void {
    this.#ask({ ask: 'hurry' }).catch(() => {
      // Whoever waits for the commit hears of its failure.
    })
  }

  async peek(
    lane: Lane,
    limit: number,
    order: 'oldest' | 'newest' = 'oldest',
    after: OutboxSeq = 0,
  ): Promise<readonly OutboxRecord[]> {
    const answer = await this.#ask({ ask: 'peek', lane, limit, order, after })
    return answer.ask === 'peek' ? answer.records : []
  }

  async settle(seqs: readonly OutboxSeq[]): Promise<void> {
    if (seqs.length > 0) await this.#ask({ ask: 'settle', seqs })
  }

  async quarantine(seq: OutboxSeq, reason: string): Promise<void> {
    await this.#ask({ ask: 'quarantine', seq, reason })
  }

  async depth(): Promise<OutboxDepth> {
    const answer = await this.#ask({ ask: 'depth' })
    if (answer.ask !== 'depth') throw new GatewayError('GW_OUTBOX_CLOSED', 'the outbox answered another question')
    return answer.depth
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    const done = this.#ask({ ask: 'close' })
    this.#closed = true
    await done
    await exited
  }

  #ask(ask: Ask): Promise<Answer> {
    if (this.#closed) return Promise.reject(new GatewayError('GW_OUTBOX_CLOSED', 'the outbox is closed'))
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#pending.set(id, { resolve, reject })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    this.#worker.postMessage({ id, ...ask })
    return promise
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }
}
