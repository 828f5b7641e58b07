import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError, gatewayErrorCode } from '../../core/errors.ts'
import { capacityPages, fillOf, quotaAction } from '../../core/telemetry-quota.ts'
import { Ballast } from './ballast.ts'
import { forgetSalvaged, salvagedOf, scanRowsWhenDue } from './checks.ts'
import { DiskProof } from './disk-proof.ts'
import { rememberBoot } from './earlier-boots.ts'
import { failpoint } from './failpoint.ts'
import { LaneFile } from './lane-file.ts'
import { defaultLimits } from './limits.ts'
import { Numbers } from './numbers.ts'
import { openOrReplace } from './open-file.ts'
import { Reserve } from './reserve.ts'
import { storageTrouble } from './storage-trouble.ts'
import type { StorageTrouble } from './storage-trouble.ts'
import { Thinner } from './thinner.ts'
import { TombstoneCopies } from './tombstone-copies.ts'
import { Uptime } from './uptime.ts'
import type { BootId } from '#domain/ids.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord, OutboxDepth, OutboxSeq, QuarantineNotice, Stamp } from '../../core/ports.ts'
import type { Room } from '../../core/telemetry-quota.ts'
import type { Salvaged } from './checks.ts'
import type { ThinningStep } from './thinner.ts'
import type { OutboxLimits } from './limits.ts'

export interface LaneFilesOptions {
  readonly folder: string
  readonly bootId: BootId
  readonly die: (error: unknown) => never
  readonly limits?: OutboxLimits
  readonly stamp?: () => Stamp
  /** A row was set aside. */
  readonly quarantined?: (notice: QuarantineNotice) => void
}

/** The process's own clocks, for files that are opened without a hub around them. */
const ownStamp = (): Stamp => ({ monotonicMs: performance.now(), wallAt: Date.now(), clockQuality: 'unknown' })

/** Housekeeping rests so many times as long as it has worked. */
const restPerWork = 20
/** Both files need their shared memory and a log, bytes. */
const leastToOpenBytes = 256 * 1024
/** The alarm lane's log is short, so that it stays inside what was made for it (reliability.md 3 rule 14). */
const checkpointPagesOf: Readonly<Record<Lane, number>> = { alarm: 64, telemetry: 1_000 }

/** Both files under one number space: `(hubId, bootId, seq)` names one record, whatever its lane (reliability.md 3 rule 4). */
export class LaneFiles implements Disposable {
  readonly alarm: LaneFile
  readonly telemetry: LaneFile
  readonly salvaged: Readonly<Partial<Record<Lane, Salvaged>>>
  readonly #folder: string
  readonly #limits: OutboxLimits
  readonly #stamp: () => Stamp
  readonly #quarantined: (notice: QuarantineNotice) => void
  readonly #ballast: Ballast
  readonly #reserve: Reserve
  readonly #numbers: Numbers
  readonly #thinner: Thinner
  readonly #copies: TombstoneCopies
  readonly #uptime: Uptime
  readonly #proof: DiskProof
  readonly #earlierBoots: readonly BootId[]
  #alarmRefused = false
  #telemetryRefused = false
  #expireBelow = 0
  #restUntilMs = 0
  #salvageTold = false

  /** In the order of reliability.md 3 rule 18; the folder is already ours. */
  constructor({ folder, bootId, die, ...options }: LaneFilesOptions) {
    this.#folder = folder
    this.#limits = options.limits ?? defaultLimits
    this.#stamp = options.stamp ?? ownStamp
    this.#quarantined = options.quarantined ?? (() => {})
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#ballast = new Ballast(join(folder, 'ballast'), this.#limits.ballastBytes)
    const free = this.#diskFreeBytes()
    if (free !== null && free < this.#limits.ballastBytes) this.#ballast.release()
    const proof = new DiskProof(folder)
    this.#proof = proof

    const open = (lane: Lane): LaneFile => {
      const path = join(folder, `${lane}.db`)
      const setAside = join(folder, `${lane}.damaged-${bootId}.db`)
      const { quarantineBytes } = this.#limits
      const makeRoom = (): boolean => this.#makeRoom(lane)
      const database = this.#unlessFull(() => openOrReplace(path, setAside, this.#stamp().wallAt))
      const checkpointPages = checkpointPagesOf[lane]
      return new LaneFile({ lane, path, database, die, proof, makeRoom, quarantineBytes, checkpointPages })
    }
    this.alarm = open('alarm')
    this.#reserve = new Reserve(this.alarm, this.#limits.reserveBytes, this.#limits.ballastBytes)
    this.#reserve.open()
    failpoint('start-reserve')
    this.telemetry = open('telemetry')

    const highWater = Math.max(this.alarm.highWater, this.telemetry.highWater)
    this.#numbers = new Numbers(bootId, highWater + 1)
    for (const file of [this.alarm, this.telemetry]) {
      file.startBoot(this.#numbers.first)
      for (const notice of scanRowsWhenDue(file, this.#stamp().wallAt)) this.#quarantined(notice)
    }
    this.#earlierBoots = rememberBoot(this.alarm, bootId)
    this.#thinner = new Thinner(this.telemetry, this.#numbers)
    this.#copies = new TombstoneCopies(this.telemetry, this.alarm, this.#numbers)
    this.#uptime = new Uptime(this.telemetry, this.#numbers)
    this.#limitTelemetry()
    failpoint('start-tombstones')
    this.#copies.copy(this.#stamp())
    const [alarm, telemetry] = [salvagedOf(this.alarm), salvagedOf(this.telemetry)]
    this.salvaged = { ...(alarm === null ? {} : { alarm }), ...(telemetry === null ? {} : { telemetry }) }
  }

  file(lane: Lane): LaneFile {
    switch (lane) {
      case 'alarm':
        return this.alarm
      case 'telemetry':
        return this.telemetry
    }
  }

  append(lane: Lane, records: readonly NewRecord[]): readonly OutboxSeq[] {
    const first = this.#numbers.next
    try {
      this.file(lane).append(records, first, this.#numbers.bootId)
      this.#refused(lane, false)
    } catch (error) {
      if (gatewayErrorCode(error) === 'GW_OUTBOX_FULL') this.#refused(lane, true)
      throw error
    }
    this.#numbers.committed(records.length)
    return records.map((_, index) => first + index)
  }

  settle(seqs: readonly OutboxSeq[]): void {
    this.alarm.settle(seqs)
    this.telemetry.settle(seqs)
  }

  /** One bounded step of making room in the telemetry file. True when another may be needed. */
  thin(): boolean {
    try {
      return this.#thin()
    } catch (error) {
      if (gatewayErrorCode(error) !== 'GW_OUTBOX_FULL') throw error
      return false
    }
  }

  #thin(): boolean {
    const stamp = this.#stamp()
    const step = this.#makeTelemetryRoom(stamp)
    for (const notice of step.quarantined) this.#quarantined(notice)
    if (!step.done && this.#expireBelow > 0) {
      this.#uptime.forget(this.#expireBelow)
      this.#expireBelow = 0
    }
    const trimmed = this.#thinner.trimQuarantine(this.#limits.quarantineRows)
    if (step.done || trimmed) this.#copies.copy(stamp)
    return step.done || trimmed
  }

  #makeTelemetryRoom(stamp: Stamp): ThinningStep {
    if (this.#expireBelow > 0) return this.#thinner.expire(this.#expireBelow)
    const action = quotaAction(fillOf(this.#room()))
    if (action === 'none') return { done: false, quarantined: [] }
    try {
      return this.#thinner.step(action, stamp)
    } catch (error) {
      if (gatewayErrorCode(error) !== 'GW_OUTBOX_FULL') throw error
      // Not even room for what would stand for many: then the oldest go.
      return this.#thinner.drop()
    }
  }

  /** To be called every second or so: age, reserve, ballast and the room that the disk leaves. */
  tick(): void {
    const { monotonicMs } = this.#stamp()
    try {
      if (this.#uptime.mark(monotonicMs)) this.#expireBelow = this.#uptime.olderThan(this.#limits.telemetryDays)
      this.#forgetSalvage()
      const free = this.#diskFreeBytes()
      const { ballastBytes } = this.#limits
      const roomForReserve = free === null || free > this.#reserve.missingBytes + 2 * ballastBytes
      if (monotonicMs >= this.#restUntilMs) {
        // One step, because each is an fsync or more and an alarm may wait for it.
        const stepped = roomForReserve && this.#reserve.step()
        if (!stepped && free !== null && free > 2 * ballastBytes) this.#ballast.step()
        // A slow disk belongs to the alarms: what it gives to housekeeping is a small part.
        const now = this.#stamp().monotonicMs
        this.#restUntilMs = now + (now - monotonicMs) * restPerWork
      }
      this.#limitTelemetry()
    } catch (error) {
      // Without room there is nothing to keep house with; what it means for people is told by `trouble`.
      if (gatewayErrorCode(error) !== 'GW_OUTBOX_FULL') throw error
    }
  }

  /** What is wrong with the room there is, in words; null when nothing is. */
  trouble(): StorageTrouble | null {
    return storageTrouble({
      alarmRefused: this.#alarmRefused,
      telemetryRefused: this.#telemetryRefused,
      telemetryFill: fillOf(this.#room()),
      reserveBytes: this.#reserve.bytes,
      reserveWantedBytes: this.#reserve.wantedBytes,
      diskFreeBytes: this.#diskFreeBytes(),
      keepBytes: this.#limits.ballastBytes,
    })
  }

  depth(): OutboxDepth {
    const { first, next } = this.#numbers
    const { alarm, telemetry } = this
    const room = this.#room()
    const sum = (what: 'settled' | 'pending' | 'tombstoned' | 'quarantined'): number =>
      alarm.boot[what] + telemetry.boot[what]
    return {
      alarm: { rows: alarm.rows, oldest: alarm.oldest() },
      telemetry: { rows: telemetry.rows, oldest: telemetry.oldest() },
      quarantined: alarm.quarantined + telemetry.quarantined,
      tombstoned: telemetry.count('counted'),
      manifest: next === first ? null : { firstSeq: first, lastSeq: next - 1 },
      earlierBoots: this.#earlierBoots,
      ledger: {
        settled: sum('settled'),
        pending: sum('pending'),
        tombstoned: sum('tombstoned'),
        quarantined: sum('quarantined'),
      },
      storage: {
        telemetryBytes: (room.pages - room.freePages) * room.pageBytes,
        telemetryQuotaBytes: capacityPages(room) * room.pageBytes,
        reserveBytes: this.#reserve.bytes,
        ballastBytes: this.#ballast.bytes,
      },
    }
  }

  [Symbol.dispose](): void {
    this.alarm[Symbol.dispose]()
    this.telemetry[Symbol.dispose]()
    this.#proof[Symbol.dispose]()
  }

  #forgetSalvage(): void {
    if (this.#salvageTold) return
    this.#salvageTold = true
    if (this.salvaged.alarm !== undefined) forgetSalvaged(this.alarm)
    if (this.salvaged.telemetry !== undefined) forgetSalvaged(this.telemetry)
  }

  #refused(lane: Lane, refused: boolean): void {
    if (lane === 'alarm') this.#alarmRefused = refused
    else this.#telemetryRefused = refused
  }

  /** The disk is full: bytes on their way to the reserve first, then the ballast. A quota is no reason to give anything up. */
  #makeRoom(lane: Lane): boolean {
    if (lane === 'telemetry' && this.telemetry.atLimit && !this.#diskIsFull()) return false
    return (lane === 'alarm' && this.#reserve.release()) || this.#ballast.release()
  }

  #diskIsFull(): boolean {
    const free = this.#diskFreeBytes()
    return free !== null && free < this.#limits.ballastBytes
  }

  #limitTelemetry(): void {
    this.telemetry.limitPages(capacityPages(this.#room()))
  }

  #room(): Room {
    return {
      pages: this.telemetry.pages,
      freePages: this.telemetry.freePages,
      pageBytes: this.telemetry.pageBytes,
      quotaBytes: this.#limits.telemetryBytes,
      diskFreeBytes: this.#diskFreeBytes(),
      keepBytes: this.#limits.ballastBytes,
    }
  }

  /** Without a byte of room SQLite can only say "I/O error". */
  #unlessFull<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      const free = this.#diskFreeBytes()
      if (cause instanceof GatewayError || free === null || free >= leastToOpenBytes) throw cause
      const text = `the disk of ${this.#folder} is full (${free} bytes free): make room, the hub cannot start without`
      throw new GatewayError('GW_OUTBOX_FULL', text, { cause })
    }
  }

  #diskFreeBytes(): number | null {
    try {
      const { bavail, bsize } = statfsSync(this.#folder)
      return bavail * bsize
    } catch {
      return null
    }
  }
}
