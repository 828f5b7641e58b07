import type { DatabaseSync } from 'node:sqlite'
import { HubId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { instant, type Instant } from '#domain/time.ts'
import { Heartbeat, PumpReport } from '#domain/uplink/envelope.ts'
import type { Act } from '#server/core/on-call-store.ts'
import type {
  BeatOrder,
  HubKey,
  HubRegistry,
  KeyLife,
  KeyRotation,
  KnownHub,
  KnownPump,
  NamedHub,
  NewClaim,
  OpenClaim,
} from '#server/core/ports.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'
import * as sql from './journal-sql.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { SqlitePumpFirmware } from './pump-firmware.ts'
import { bytes, number, numberOrNull, text, textOrNull, type Row } from './row.ts'

/** A claim hands out a nonce per attempt; more than this at once is somebody guessing. */
const openNoncesPerClaim = 10

export class SqliteHubRegistry implements HubRegistry {
  readonly #transaction: JournalTransaction
  readonly #statements
  readonly #firmware: SqlitePumpFirmware
  readonly #audit: Pick<SqliteAuditTrail, 'add'>

  constructor(database: DatabaseSync, transaction: JournalTransaction, audit: Pick<SqliteAuditTrail, 'add'>) {
    this.#transaction = transaction
    this.#audit = audit
    this.#firmware = new SqlitePumpFirmware(database)
    this.#statements = {
      key: database.prepare(sql.keyById),
      hubs: database.prepare(sql.allHubs),
      names: database.prepare(sql.hubNames),
      pumps: database.prepare(sql.allPumps),
      heard: database.prepare(sql.hubHeard),
      newestBeat: database.prepare(sql.newestBeat),
      noteHeard: database.prepare(sql.noteHeard),
      noteFirstSeq: database.prepare(sql.noteFirstSeq),
      putPump: database.prepare(sql.putPump),
      addHub: database.prepare(sql.addHub),
      rename: database.prepare(sql.renameHub),
      hubState: database.prepare(sql.hubState),
      revokeKeys: database.prepare(sql.revokeKeys),
      enrolled: database.prepare(sql.hubEnrolled),
      addKey: database.prepare(sql.addKey),
      replaceKey: database.prepare(sql.replaceKey),
      keysOfHub: database.prepare(sql.keysOfHub),
      addClaim: database.prepare(sql.addClaim),
      claimUse: database.prepare(sql.claimUse),
      reopenClaim: database.prepare(sql.reopenClaim),
      openClaim: database.prepare(sql.openClaim),
      tryClaim: database.prepare(sql.tryClaim),
      useClaim: database.prepare(sql.useClaim),
      addNonce: database.prepare(sql.addEnrolNonce),
      openNonces: database.prepare(sql.openNonces),
      takeNonce: database.prepare(sql.takeEnrolNonce),
    }
  }

  async key(keyId: string): Promise<HubKey | null> {
    return this.#key(keyId)
  }

  async hubs(): Promise<readonly KnownHub[]> {
    return this.#statements.hubs.all().map(toHub)
  }

  async names(): Promise<readonly NamedHub[]> {
    return this.#statements.names.all().map(toName)
  }

  async pumps(): Promise<readonly KnownPump[]> {
    return this.#statements.pumps.all().flatMap((row) => {
      // A report of an older release may lack fields; the next heartbeat brings it anew.
      const report = PumpReport.safeParse(JSON.parse(text(row, 'report')))
      if (!report.success) return []
      const reportedAt = instant(number(row, 'reported_at'))
      return [{ hubId: HubId.parse(text(row, 'hub_id')), report: report.data, reportedAt }]
    })
  }

  async heard(hubId: HubId, body: Heartbeat, at: Instant): Promise<BeatOrder> {
    return this.#transaction(() => {
      this.#statements.noteHeard.run(hubId, body.bootId, at)
      if (body.manifest !== null) this.#statements.noteFirstSeq.run(hubId, body.bootId, body.manifest.firstSeq)
      const order = this.#order(hubId, body)
      if (order.order !== 'newest') return order
      this.#statements.heard.run(at, JSON.stringify(body), hubId)
      for (const report of body.pumps) {
        this.#statements.putPump.run(report.pumpId, hubId, JSON.stringify(report), at)
        this.#firmware.note(report, at)
      }
      return order
    })
  }

  async revoke(hubId: HubId, { by, at }: Act): Promise<boolean> {
    return this.#transaction(() => {
      this.#statements.revokeKeys.run(hubId)
      if (this.#statements.hubState.run('revoked', hubId).changes !== 1) return false
      this.#audit.add([{ at, actor: by.userId, action: 'hub.revoke', object: `hub:${hubId}` }])
      return true
    })
  }

  async rename(hubId: HubId, name: string, { by, at }: Act): Promise<boolean> {
    return this.#transaction(() => {
      if (this.#statements.rename.run(name, hubId).changes !== 1) return false
      this.#audit.add([{ at, actor: by.userId, action: 'hub.rename', object: `hub:${hubId}` }])
      return true
    })
  }

  async keys(hubId: HubId): Promise<readonly KeyLife[]> {
    return this.#statements.keysOfHub.all(hubId).map((row) => ({
      keyId: text(row, 'key_id'),
      state: text(row, 'state') === 'active' ? 'active' : 'revoked',
      createdAt: instant(number(row, 'created_at')),
      validUntil: instantOrNull(row, 'valid_until'),
    }))
  }

  async rotate({ hubId, oldKeyId, keyId, publicKey, at, oldValidUntil }: KeyRotation) {
    return this.#transaction(() => {
      const old = this.#key(oldKeyId)
      if (old === null || !old.active || old.hubId !== hubId) return null
      if (old.replacedBy !== null)
        return old.replacedBy === keyId && old.validUntil !== null ? { oldValidUntil: old.validUntil } : null
      if (this.#key(keyId) !== null) return null
      this.#statements.addKey.run(keyId, hubId, publicKey, at)
      this.#statements.replaceKey.run(oldValidUntil, keyId, oldKeyId)
      const keys = { before: oldKeyId, after: keyId }
      this.#audit.add([{ at, actor: `hub:${hubId}`, action: 'hub.key', object: `hub:${hubId}`, ...keys }])
      return { oldValidUntil }
    })
  }

  async addClaim(claim: NewClaim, by: Person): Promise<void> {
    this.#transaction(() => this.#addClaim(claim, by))
  }

  async offerClaim(claim: NewClaim, by: Person): Promise<boolean> {
    return this.#transaction(() => {
      const known = this.#statements.claimUse.get(claim.claimId)
      if (known === undefined) {
        this.#addClaim(claim, by)
        return true
      }
      const { claimId, codeMac, createdAt: at, expiresAt, tries } = claim
      if (this.#statements.reopenClaim.run(codeMac, expiresAt, tries, claimId).changes === 0) return false
      const object = `hub:${text(known, 'hub_id')}`
      this.#audit.add([{ at, actor: by.userId, action: 'claim.create', object, after: claimId }])
      return true
    })
  }

  async addEnrolNonce(claimId: string, nonce: string, expiresAt: Instant, at: Instant): Promise<boolean> {
    return this.#transaction(() => {
      if (this.#statements.openClaim.get(claimId, at) === undefined) return false
      const open = this.#statements.openNonces.get(claimId, at)
      if (open === undefined || number(open, 'open') >= openNoncesPerClaim) return false
      this.#statements.addNonce.run(nonce, claimId, expiresAt)
      return true
    })
  }

  async takeEnrolNonce(claimId: string, nonce: string, at: Instant): Promise<OpenClaim | null> {
    return this.#transaction(() => {
      if (this.#statements.takeNonce.get(at, nonce, claimId) === undefined) return null
      const claim = this.#statements.tryClaim.get(claimId, at)
      return claim === undefined
        ? null
        : { claimId, codeMac: bytes(claim, 'code_mac'), usedByKey: textOrNull(claim, 'used_by_key') }
    })
  }

  async useClaim(claimId: string, keyId: string, publicKey: Uint8Array, at: Instant) {
    return this.#transaction(() => {
      const known = this.#key(keyId)
      if (known !== null && !known.active) return null
      const used = this.#statements.useClaim.get(at, keyId, claimId)
      if (used === undefined) return null
      const hubId = HubId.parse(text(used, 'hub_id'))
      if (known !== null) return known.hubId === hubId ? { hubId } : null
      // A hub that enrols anew has lost its old key, or somebody else has it.
      this.#statements.revokeKeys.run(hubId)
      this.#statements.addKey.run(keyId, hubId, publicKey, at)
      this.#statements.enrolled.run(at, hubId)
      this.#audit.add([{ at, actor: `hub:${hubId}`, action: 'hub.enrol', object: `hub:${hubId}`, after: keyId }])
      return { hubId }
    })
  }

  #addClaim({ claimId, hubId, hubName, codeMac, createdAt: at, expiresAt, tries }: NewClaim, by: Person): void {
    this.#statements.addHub.run(hubId, hubName, at)
    this.#statements.addClaim.run(claimId, hubId, codeMac, at, expiresAt, tries)
    this.#audit.add([{ at, actor: by.userId, action: 'claim.create', object: `hub:${hubId}`, after: claimId }])
  }

  #order(hubId: HubId, { bootId, monotonicMs }: Heartbeat): BeatOrder {
    const newest = this.#statements.newestBeat.get(hubId)
    if (newest === undefined) return { order: 'newest' }
    if (text(newest, 'boot_id') !== bootId)
      return { order: 'older-boot', newestSince: instant(number(newest, 'first_heard_at')) }
    return { order: monotonicMs < (numberOrNull(newest, 'monotonic_ms') ?? -1) ? 'late' : 'newest' }
  }

  #key(keyId: string): HubKey | null {
    const row = this.#statements.key.get(keyId)
    if (row === undefined) return null
    return {
      keyId: text(row, 'key_id'),
      hubId: HubId.parse(text(row, 'hub_id')),
      publicKey: bytes(row, 'public_key'),
      active: number(row, 'active') === 1,
      validUntil: instantOrNull(row, 'valid_until'),
      replacedBy: textOrNull(row, 'replaced_by'),
    }
  }
}

const instantOrNull = (row: Row, name: string): Instant | null => {
  const value = numberOrNull(row, name)
  return value === null ? null : instant(value)
}

const toName = (row: Row): NamedHub => ({
  hubId: HubId.parse(text(row, 'hub_id')),
  name: text(row, 'name'),
  state: text(row, 'state') === 'active' ? 'active' : 'revoked',
  enrolledAt: instantOrNull(row, 'enrolled_at'),
})

const toHub = (row: Row): KnownHub => {
  const heartbeat = textOrNull(row, 'last_heartbeat')
  return {
    ...toName(row),
    lastHeardAt: instantOrNull(row, 'last_heard_at'),
    // A heartbeat of an older release may lack fields; the next one comes within 10 s.
    lastHeartbeat: heartbeat === null ? null : (Heartbeat.safeParse(JSON.parse(heartbeat)).data ?? null),
  }
}
