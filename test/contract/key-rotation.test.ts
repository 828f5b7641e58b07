import { describe, expect, it } from 'vitest'
import { openHubBench } from '#test/support/hub-bench.ts'
import { SigningHub } from '#test/support/signing-hub.ts'
import { batch, condition } from '#test/support/uplink-records.ts'
import { byAdmin } from '#test/support/acts.ts'

const dayMs = 86_400_000

const rotated = async () => {
  const bench = await openHubBench()
  const next = new SigningHub()
  next.bootId = 'boot-next'
  const reply = await bench.send('rotate-key', next.rotation(bench.hubId))
  next.keyId = reply.json<{ keyId: string }>().keyId
  const sendAs = (hub: SigningHub, path: string, body: unknown) =>
    bench.app.inject(hub.request(`/hub/v1/${path}`, body, bench.clock.now()))
  return { ...bench, next, reply, sendAs }
}

describe('a hub that asks for a new key', () => {
  it('may use both keys for 24 h, then the new one only', async () => {
    const { reply, clock, sendAs, hub, next, hubId, taken, journal } = await rotated()
    expect(reply.json()).toEqual({
      keyId: expect.stringMatching(/^k-/) as string,
      oldValidUntil: clock.now() + dayMs,
      serverTime: clock.now(),
    })
    expect((await sendAs(hub, 'alarm', batch([condition(1)]))).statusCode).toBe(200)
    expect((await sendAs(next, 'alarm', batch([condition(2)]))).statusCode).toBe(200)
    clock.advance(dayMs - 1)
    expect((await sendAs(hub, 'alarm', batch([condition(3)]))).statusCode).toBe(200)
    clock.advance(1)
    expect((await sendAs(hub, 'alarm', batch([condition(4)]))).json()).toMatchObject({ status: 403, code: 'revoked' })
    expect((await sendAs(next, 'alarm', batch([condition(4)]))).statusCode).toBe(200)
    expect(taken.map((dated) => dated.hubId)).toEqual([hubId, hubId, hubId, hubId])
    const ends = new Map((await journal.hubs.keys(hubId)).map(({ keyId, validUntil }) => [keyId, validUntil]))
    expect([ends.get(hub.keyId), ends.get(next.keyId)]).toEqual([clock.now(), null])
  })

  it('gets the same answer again, because an answer can be lost', async () => {
    const { send, next, hubId, reply, clock } = await rotated()
    clock.advance(1000)
    expect((await send('rotate-key', next.rotation(hubId))).json()).toEqual({
      ...reply.json<object>(),
      serverTime: clock.now(),
    })
  })

  it('may ask with the new key itself once the old one has ended', async () => {
    const { next, hubId, clock, sendAs } = await rotated()
    clock.advance(2 * dayMs)
    expect((await sendAs(next, 'rotate-key', next.rotation(hubId))).json()).toMatchObject({ keyId: next.keyId })
  })

  it('cannot replace a key twice: who copied the old one gains nothing', async () => {
    const { send, hubId, logged } = await rotated()
    const thief = new SigningHub()
    expect((await send('rotate-key', thief.rotation(hubId))).json()).toMatchObject({
      status: 409,
      code: 'key_replaced',
    })
    expect(JSON.stringify(logged)).toContain('A new key was refused.')
  })

  it('has to prove the new key, for this very hub', async () => {
    const { send, hubId } = await rotated()
    const other = new SigningHub()
    expect((await send('rotate-key', other.rotation('hub-other'))).json()).toMatchObject({ code: 'bad_signature' })
    expect((await send('rotate-key', other.rotation(hubId, new SigningHub().publicKey))).json()).toMatchObject({
      code: 'bad_signature',
    })
    const short = { ...other.rotation(hubId), publicKey: `${'A'.repeat(42)}==` }
    expect((await send('rotate-key', short)).json()).toMatchObject({ status: 400 })
  })

  it('cannot take a key that belongs to another hub, or one that was revoked', async () => {
    const { enrol, sendAs, hub, hubId, next, journal, uplink } = await rotated()
    const neighbour = new SigningHub()
    neighbour.bootId = 'boot-neighbour'
    const { claim } = await enrol(neighbour)
    expect((await sendAs(neighbour, 'rotate-key', next.rotation(claim.hubId))).json()).toMatchObject({
      code: 'key_replaced',
    })
    await journal.hubs.revoke(hubId, byAdmin)
    uplink.keys.forget(hubId)
    for (const key of [hub, next])
      expect((await sendAs(key, 'alarm', batch([condition(1)]))).json()).toMatchObject({ code: 'revoked' })
  })
})
