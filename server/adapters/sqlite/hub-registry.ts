import type { DatabaseSync } from 'node:sqlite'
import { HubId } from '#domain/ids.ts'
import { instant, type Instant } from '#domain/time.ts'
import { Heartbeat, PumpReport } from '#domain/uplink/envelope.ts'
import type { HubKey, HubRegistry, KnownHub, KnownPump, NewClaim, OpenClaim } from '#server/core/ports.ts'
import * as sql from './journal-sql.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { bytes, number, numberOrNull, text, textOrNull, type Row } from './row.ts'

/** A claim hands out a nonce per attempt; more than this at once is somebody guessing. */
const openNoncesPerClaim = 10

export class SqliteHubRegistry implements HubRegistry {
  readonly #transaction: JournalTransaction
  readonly #statements

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#statements = {
      key: database.prepare(sql.keyById),
      hubs: database.prepare(sql.allHubs),
      pumps: database.prepare(sql.allPumps),
      heard: database.prepare(sql.hubHeard),
      noteHeard: database.prepare(sql.noteHeard),
      noteFirstSeq: database.prepare(sql.noteFirstSeq),
      putPump: database.prepare(sql.putPump),
      addHub: database.prepare(sql.addHub),
      hubState: database.prepare(sql.hubState),
      revokeKeys: database.prepare(sql.revokeKeys),
      enrolled: database.prepare(sql.hubEnrolled),
      addKey: database.prepare(sql.addKey),
      addClaim: database.prepare(sql.addClaim),
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

  async pumps(): Promise<readonly KnownPump[]> {
    return this.#statements.pumps.all().flatMap((row) => {
      // A report of an older release may lack fields; the next heartbeat brings it anew.
      const report = PumpReport.safeParse(JSON.parse(text(row, 'report')))
      if (!report.success) return []
      const reportedAt = instant(number(row, 'reported_at'))
      return [{ hubId: HubId.parse(text(row, 'hub_id')), report: report.data, reportedAt }]
    })
  }

  async heard(hubId: HubId, body: Heartbeat, at: Instant) {
    return this.#transaction(() => {
      const noted = this.#statements.noteHeard.run(hubId, body.bootId, at)
      if (body.manifest !== null) this.#statements.noteFirstSeq.run(hubId, body.bootId, body.manifest.firstSeq)
      this.#statements.heard.run(at, JSON.stringify(body), hubId)
      for (const report of body.pumps) this.#statements.putPump.run(report.pumpId, hubId, JSON.stringify(report), at)
      return { firstOfBoot: noted.changes === 1 }
    })
  }

  async revoke(hubId: HubId): Promise<void> {
    this.#transaction(() => {
      this.#statements.hubState.run('revoked', hubId)
      this.#statements.revokeKeys.run(hubId)
    })
  }

  async addClaim(claim: NewClaim): Promise<void> {
    this.#transaction(() => {
      this.#statements.addHub.run(claim.hubId, claim.hubName, claim.createdAt)
      this.#statements.addClaim.run(
        claim.claimId,
        claim.hubId,
        claim.codeMac,
        claim.createdAt,
        claim.expiresAt,
        claim.tries,
      )
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
      return { hubId }
    })
  }

  #key(keyId: string): HubKey | null {
    const row = this.#statements.key.get(keyId)
    if (row === undefined) return null
    return {
      keyId: text(row, 'key_id'),
      hubId: HubId.parse(text(row, 'hub_id')),
      publicKey: bytes(row, 'public_key'),
      active: number(row, 'active') === 1,
    }
  }
}

const toHub = (row: Row): KnownHub => {
  const enrolledAt = numberOrNull(row, 'enrolled_at')
  const lastHeardAt = numberOrNull(row, 'last_heard_at')
  const heartbeat = textOrNull(row, 'last_heartbeat')
  return {
    hubId: HubId.parse(text(row, 'hub_id')),
    name: text(row, 'name'),
    state: text(row, 'state') === 'active' ? 'active' : 'revoked',
    enrolledAt: enrolledAt === null ? null : instant(enrolledAt),
    lastHeardAt: lastHeardAt === null ? null : instant(lastHeardAt),
    // A heartbeat of an older release may lack fields; the next one comes within 10 s.
    lastHeartbeat: heartbeat === null ? null : (Heartbeat.safeParse(JSON.parse(heartbeat)).data ?? null),
  }
}
