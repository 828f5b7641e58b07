import { expect, it, onTestFinished } from 'vitest'
import { HubId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { Heartbeat } from '#domain/uplink/envelope.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { lastFirmware } from '#server/adapters/sqlite/pump-firmware.ts'
import { pump1, pumpReport } from '#test/support/server-bench.ts'
import { serverAdmin } from '#test/support/acts.ts'

const lane = { rows: 0, oldestAgeMs: null }
const told = (firmware: string | null, monotonicMs: number): Heartbeat =>
  Heartbeat.parse({
    v: 1,
    bootId: 'boot-1',
    monotonicMs,
    wallAt: 0,
    clockQuality: 'none',
    anchor: null,
    versions: { gateway: '0.1.0', node: 'v24.21.0' },
    manifest: null,
    outbox: { alarm: lane, telemetry: lane, quarantined: 0, tombstoned: 0, diskFreeBytes: null },
    ports: [],
    pumps: [pumpReport(pump1, { firmware })],
  })

it('a journal knows which firmware a pump told and since when; what a pump leaves out changes nothing', async () => {
  const journal = openJournal(':memory:')
  onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
  const hubId = HubId.parse('hub-1')
  const claim = { claimId: 'claim-1', hubId, hubName: 'Kitchen', codeMac: new Uint8Array(32), tries: 3 }
  await journal.hubs.addClaim({ ...claim, createdAt: instant(0), expiresAt: instant(600_000) }, serverAdmin)
  for (const [at, firmware] of [
    [1_000, '1.0'],
    [2_000, '1.0'],
    [3_000, null],
    [4_000, '2.0'],
  ] as const)
    await journal.hubs.heard(hubId, told(firmware, at), instant(at))
  expect(journal.firmware.history()).toEqual(
    new Map([
      [
        PumpId.parse('P-1'),
        [
          { since: 0, firmware: '1.0' },
          { since: 4_000, firmware: '2.0' },
        ],
      ],
    ]),
  )
  const plan = journal.database.prepare(`EXPLAIN QUERY PLAN ${lastFirmware}`).all()
  expect(JSON.stringify(plan)).toContain('USING PRIMARY KEY (pump_id=?)')
})
