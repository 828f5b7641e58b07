import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuditPage } from '#domain/audit/api.ts'
import { HubClaim, HubRegister } from '#domain/live/hub-registry.ts'
import { keyWords } from '#domain/uplink/key-words.ts'
import { enrolHub } from '#test/support/enrolled-hub.ts'
import { eventually } from '#test/support/eventually.ts'
import type { SigningHub } from '#test/support/signing-hub.ts'
import { openTwoTeamServer } from '#test/support/two-team-server.ts'
import type { TwoTeamServer } from '#test/support/two-team-server.ts'
import { batch, condition } from '#test/support/uplink-records.ts'

// Which hubs may come in, over HTTP and with a hub that signs.

let under: TwoTeamServer
let admin: string

beforeAll(async () => {
  under = await openTwoTeamServer()
  admin = await under.session('admin')
}, 60_000)
afterAll(() => under[Symbol.asyncDispose]())

const call = (method: string, path: string, body?: object) => under.call(admin, method, `/api/v1/${path}`, body)
const hubs = async () => HubRegister.parse(await (await call('GET', 'hub-registry')).json()).hubs
const known = async (hubId: string) => {
  const found = (await hubs()).find((hub) => hub.hubId === hubId)
  if (found === undefined) throw new Error(`no hub ${hubId}`)
  return found
}
const claimed = async (path: string, body: object = {}) => HubClaim.parse(await (await call('POST', path, body)).json())
const enrol = ({ claimId, code }: HubClaim): Promise<SigningHub> => enrolHub(under.server.url, claimId, code)
const sends = async (hub: SigningHub, seq: number): Promise<number> => {
  const authority = new URL(under.server.url).host
  const { url, headers, payload } = hub.request('/hub/v1/alarm', batch([condition(seq)]), Date.now(), { authority })
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host'))
  return (await fetch(`${under.server.url}${url}`, { method: 'POST', headers: own, body: payload })).status
}

describe('the registry of hubs', () => {
  it('lets a hub in by a code that it tells once, and says its key in words', async () => {
    const claim = await claimed('hub-registry', { name: 'Lake House' })
    expect(claim.code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/)
    expect(await known(claim.hubId)).toMatchObject({
      name: 'Lake House',
      state: 'waiting',
      keys: [],
      lastHeardAt: null,
    })
    expect(JSON.stringify(await hubs())).not.toContain(claim.code)
    const hub = await enrol(claim)
    expect(await known(claim.hubId)).toMatchObject({
      state: 'active',
      keys: [{ keyId: hub.keyId, active: true, words: keyWords(hub.keyId) }],
    })
    expect(keyWords(hub.keyId)).toMatch(/^[a-z]{5}(-[a-z]{5}){3}$/)
  })

  it('names it, revokes it within 5 s, and lets it in again under its own id', async () => {
    const claim = await claimed('hub-registry', { name: 'Hill House' })
    const hub = await enrol(claim)
    expect(await sends(hub, 1)).toBe(200)
    expect((await call('PUT', `hub-registry/${claim.hubId}/name`, { name: 'Hill House 2' })).status).toBe(204)
    expect((await known(claim.hubId)).name).toBe('Hill House 2')
    expect((await call('POST', `hub-registry/${claim.hubId}/revoke`, {})).status).toBe(204)
    let seq = 1
    await eventually(async () => (await sends(hub, (seq += 1))) === 403, { within: 5_500, every: 250 })
    expect(await known(claim.hubId)).toMatchObject({ state: 'revoked', keys: [{ active: false }] })

    const again = await claimed(`hub-registry/${claim.hubId}/claim`)
    expect(again.hubId).toBe(claim.hubId)
    const anew = await enrol(again)
    anew.bootId = 'boot-2'
    expect(await sends(anew, 1)).toBe(200)
    const { state, keys } = await known(claim.hubId)
    expect({ state, active: keys.map(({ active }) => active) }).toEqual({ state: 'active', active: [true, false] })
  })

  it('writes down who did it, by ids', async () => {
    const { rows } = AuditPage.parse(await (await call('GET', 'audit?limit=100')).json())
    const done = rows.filter(({ actor }) => actor === 'u-admin-north').map(({ action }) => action)
    for (const action of ['claim.create', 'hub.rename', 'hub.revoke']) expect(done).toContain(action)
    expect(JSON.stringify(rows)).not.toContain('Hill House')
  })

  it('knows no hub that does not exist, and wants a fresh proof for every change', async () => {
    for (const [method, path, body] of [
      ['PUT', 'hub-registry/hub-none/name', { name: 'Nowhere' }],
      ['POST', 'hub-registry/hub-none/revoke', {}],
      ['POST', 'hub-registry/hub-none/claim', {}],
    ] as const)
      expect((await call(method, path, body)).status).toBe(404)
    const old = await under.session('admin', 11 * 60_000)
    const answer = await under.call(old, 'POST', '/api/v1/hub-registry', { name: 'Late House' })
    expect(await answer.json()).toMatchObject({ code: 'step_up_needed' })
  })
})
