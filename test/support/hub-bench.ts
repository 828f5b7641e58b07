import Fastify, { type InjectOptions } from 'fastify'
import { onTestFinished } from 'vitest'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'
import { inTrace, traceOfLine } from '#server/adapters/trace-log.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { EpisodeId } from '#domain/ids.ts'
import { ServerError } from '#server/core/errors.ts'
import { hubUplink } from '#server/core/hub-uplink.ts'
import type { DatedRecord, TelemetryPoint } from '#server/core/ports.ts'
import { hubRoutes } from '#server/http/routes/hub-uplink.ts'
import { ManualClock } from './manual-clock.ts'
import { SigningHub, type Deviation } from './signing-hub.ts'
import { serverAdmin } from './acts.ts'
import { openGate } from './open-gate.ts'

/** The hub routes over a real journal in memory and a manual clock, with one hub enrolled. */
export const openHubBench = async ({ gateOf = openGate }: { gateOf?: typeof openGate } = {}) => {
  const clock = new ManualClock()
  const journal = openJournal(':memory:')
  const taken: DatedRecord[] = []
  const stored: TelemetryPoint[] = []
  const heard: string[] = []
  const refused: string[] = []
  const conditions: string[][] = []
  const clones: string[] = []
  const logged: [object, string][] = []
  const state = { journalDown: false }
  const note = (facts: object, sentence: string) => void logged.push([{ ...traceOfLine(), ...facts }, sentence])
  const uplink = hubUplink({
    inTrace,
    gate: gateOf(clock),
    journal: journal.alarms,
    receipts: journal.receipts,
    hubs: journal.hubs,
    nonces: journal.nonces,
    store: { write: async (points) => (stored.push(...points), { refused: [] }) },
    alarms: {
      async take(hubId, records, received) {
        if (state.journalDown) throw new ServerError('SRV_JOURNAL_UNAVAILABLE', 'disk full')
        await journal.alarms.commit({ at: clock.now(), appends: [], hubId, received, records: [] })
        taken.push(...records)
      },
    },
    samples: { take: () => {} },
    heartbeats: { heartbeat: (hubId) => void heard.push(hubId), refused: (hubId) => void refused.push(hubId) },
    accepted: { acceptedHigh: () => [EpisodeId.parse('episode-9')], closedOut: () => [EpisodeId.parse('episode-7')] },
    conditions: { take: async (_hub, named) => void conditions.push(named.map(({ code }) => code)) },
    observer: {
      refused: () => {},
      forged: () => {},
      requestForged: (_hub, bootId) => void clones.push(`request of ${bootId}`),
      olderBootSpeaks: (_hub, bootId) => void clones.push(bootId),
      telemetryStore: () => {},
    },
    hubCrypto: nodeHubCrypto(new Uint8Array(32)),
    clock,
    scheduler: clock,
    lateAfterMs: 120_000,
    authorities: () => new Set(['watch.test']),
    log: { debug: note, info: note, warn: note, error: note },
  })
  const app = Fastify()
  await app.register(hubRoutes(uplink))
  onTestFinished(async () => {
    await app.close()
    await journal.alarms[Symbol.asyncDispose]()
  })
  const post = async (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
  const enrol = async (hub: SigningHub) => {
    const claim = await uplink.enrolment.createClaim({ name: 'Kitchen' }, serverAdmin)
    const { nonce } = (await post('/hub/v1/enrol-nonce', { v: 1, claimId: claim.claimId })).json<{ nonce: string }>()
    const reply = await post('/hub/v1/enrol', hub.enrolment(claim.claimId, claim.code, nonce))
    hub.keyId = reply.json<{ keyId: string }>().keyId
    return { claim, reply }
  }
  const hub = new SigningHub()
  const { claim, reply } = await enrol(hub)
  if (reply.statusCode !== 200) throw new Error(`the enrolment answered ${reply.statusCode}`)
  const send = async (path: string, body: unknown, deviation: Deviation = {}) => {
    const options: InjectOptions = hub.request(`/hub/v1/${path}`, body, clock.now(), deviation)
    return app.inject(options)
  }
  return {
    app,
    clock,
    journal,
    taken,
    stored,
    heard,
    refused,
    /** Codes of each heartbeat that counted. */
    conditions,
    clones,
    logged,
    state,
    uplink,
    post,
    enrol,
    hub,
    hubId: claim.hubId,
    send,
  }
}
