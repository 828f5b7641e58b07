import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HubId } from '#domain/ids.ts'
import { careForIdentity } from '#gateway/compose/identity-care.ts'
import { rotateKey } from '#gateway/compose/rotate-key.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import type { HubKeyPair, KeyStore, Pairing } from '#gateway/adapters/key-store.ts'

const dayMs = 86_400_000
const log = pino({ level: 'silent' })
const keyPair = (name: string): HubKeyPair => ({ keyId: name, publicKey: name, sign: (text) => `${name}(${text})` })

/** A key store in memory: what the care of an identity asks of the real one. */
class Keys implements Pick<KeyStore, 'pairing' | 'reload' | 'isReplacing' | 'paired' | 'next' | 'adopted' | 'signer'> {
  pairing: Pairing | null = { hubId: HubId.parse('hub-1'), keyId: 'old', server: 's', keyFile: 'k.pem' }
  replacing = false
  foreign: Pairing | null = null
  signer = () => keyPair(this.pairing?.keyId ?? '')
  isReplacing = async () => this.replacing
  next = async () => keyPair('new')
  async reload(): Promise<boolean> {
    if (this.foreign === null) return false
    this.pairing = this.foreign
    this.foreign = null
    return true
  }
  async paired(pairing: Omit<Pairing, 'keyFile'>): Promise<void> {
    this.pairing = { ...pairing, keyFile: 'k.pem' }
  }
  async adopted(pairing: Omit<Pairing, 'keyFile'>): Promise<void> {
    this.replacing = false
    await this.paired(pairing)
  }
}

const caring = (change: { claimId?: string } = {}) => {
  const clock = new ManualClock()
  const keys = new Keys()
  const state = { serverAt: null as number | null, lockedOut: false, fails: false }
  const told: string[] = []
  const ending = new AbortController()
  const attempt = (what: string) => async () => {
    told.push(what)
    if (state.fails) throw new GatewayError('GW_UPLINK_UNREACHABLE', 'no')
    if (what === 'rotate') await keys.paired({ ...keys.pairing!, keyId: 'new', keySince: state.serverAt ?? 0 })
    if (what === 'pair') await keys.paired({ ...keys.pairing!, claimId: change.claimId! })
  }
  const care = careForIdentity(
    {
      keys: keys as unknown as KeyStore,
      keyDays: 90,
      serverNow: () => state.serverAt,
      isLockedOut: () => state.lockedOut,
      rotate: attempt('rotate'),
      pairAgain: change.claimId === undefined ? null : { claimId: change.claimId, pair: attempt('pair') },
      changed: () => told.push('changed'),
      clock,
      scheduler: clock,
      log,
    },
    ending.signal,
  )
  onTestFinished(async () => {
    ending.abort()
    await care
  })
  return { clock, keys, state, told }
}

describe('the key of a hub', () => {
  it('is replaced after 90 days of the server’s clock, whatever the hub’s own says', async () => {
    const { clock, keys, state, told } = caring()
    clock.stepWall(400 * dayMs)
    await clock.advanceAsync(60_000)
    expect(told).toEqual([])
    // Written by an early release: its days count from the first look.
    state.serverAt = 5_000_000_000_000
    await clock.advanceAsync(5_000)
    expect(keys.pairing?.keySince).toBe(5_000_000_000_000)
    state.serverAt += 90 * dayMs - 1
    await clock.advanceAsync(5_000)
    expect(told).toEqual([])
    state.serverAt += 1
    await clock.advanceAsync(60_000)
    expect(told).toEqual(['rotate', 'changed'])
  })

  it('is asked for again after an hour when the server did not answer', async () => {
    const { clock, keys, state, told } = caring()
    keys.replacing = true
    state.fails = true
    await clock.advanceAsync(3_590_000)
    expect(told).toEqual(['rotate'])
    await clock.advanceAsync(20_000)
    expect(told).toEqual(['rotate', 'rotate'])
  })

  it('is taken over within seconds when another program has paired the hub', async () => {
    const { clock, keys, told } = caring()
    await clock.advanceAsync(10_000)
    keys.foreign = { ...keys.pairing!, keyId: 'by-command' }
    await clock.advanceAsync(5_000)
    expect([keys.pairing?.keyId, told]).toEqual(['by-command', ['changed']])
  })

  it('is made anew by a claim of the configuration, once, and only when the hub is locked out', async () => {
    const { clock, state, told } = caring({ claimId: 'second' })
    await clock.advanceAsync(60_000)
    expect(told).toEqual([])
    state.lockedOut = true
    state.fails = true
    await clock.advanceAsync(29_000)
    expect(told).toEqual(['pair'])
    state.fails = false
    await clock.advanceAsync(120_000)
    expect(told).toEqual(['pair', 'pair', 'changed'])
  })
})

describe('a replacement', () => {
  it('that the server knew of goes on with the new key when the old one has ended', async () => {
    const keys = new Keys()
    const signedWith: string[] = []
    const rotate = async (_hub: HubId, next: { publicKey: string }, signWith: { keyId: string }) => {
      signedWith.push(`${next.publicKey} by ${signWith.keyId}`)
      if (signWith.keyId === 'old') throw new GatewayError('GW_UPLINK_HUB_REFUSED', 'revoked')
      return { keyId: 'new', oldValidUntil: 1, serverTime: 7 }
    }
    await rotateKey(keys as unknown as KeyStore, { rotate }, new AbortController().signal, log)
    expect(signedWith).toEqual(['new by old', 'new by new'])
    expect(keys.pairing).toMatchObject({ keyId: 'new', keySince: 7, hubId: 'hub-1' })
  })

  it('changes nothing when the server is away or refuses both keys', async () => {
    for (const code of ['GW_UPLINK_UNREACHABLE', 'GW_UPLINK_HUB_REFUSED'] as const) {
      const keys = new Keys()
      const rotate = () => Promise.reject(new GatewayError(code, 'no'))
      const rotation = rotateKey(keys as unknown as KeyStore, { rotate }, new AbortController().signal, log)
      await expect(rotation).rejects.toMatchObject({ code })
      expect(keys.pairing?.keyId).toBe('old')
    }
  })
})
