import { describe, expect, it } from 'vitest'
import { searchForCanaries } from '#test/support/canaries.ts'
import type { Canary, Place } from '#test/support/canaries.ts'

const label: Canary = { name: 'label', value: 'Bed "7/Ä"+q93', home: /^journal/ }
const cookie: Canary = { name: 'session', value: 'k3J_x-9aQ0Lm', home: null }
const key: Canary = { name: 'key', value: Uint8Array.from({ length: 32 }, (_, n) => 255 - n * 7), home: /^push-key$/ }
const all = [label, cookie, key]

const place = (name: string, content: string | Buffer): Place => ({ name, content: Buffer.from(content) })
const inside = (value: string | Buffer, shift: number): Buffer =>
  Buffer.concat([Buffer.alloc(shift, 'x'), Buffer.from(value), Buffer.from('tail')])
const text = String(label.value)
const id = String(cookie.value)
const bytes = Buffer.from(key.value as Uint8Array)

describe('a search for what must not leave its store', () => {
  it.each([
    ['a body in a log', 'label', place('server/log', `{"msg":"refused","body":{"label":${JSON.stringify(text)}}}`)],
    ['a label of a metric', 'label', place('/metrics', `alarms_total{bed="${text}"} 1`)],
    ['a cookie in a log', 'session', place('hub/log', `cookie: __Host-sid=${id}; x=1`)],
    ['an address', 'label', place('addresses', `https://watch/api?q=${encodeURIComponent(text)}`)],
    ['storage of a browser', 'label', place('browser/Local Storage', Buffer.from(`\0${text}`, 'utf16le'))],
    ['a file of a database', 'session', place('telemetry.db', Buffer.from(`\0\u0001${id}\0`))],
    ['hexadecimal', 'key', place('dump', bytes.toString('hex'))],
    ...[0, 1, 2].flatMap((shift): [string, string, Place][] => [
      [`base64, ${shift} bytes in`, 'label', place('header', inside(text, shift).toString('base64'))],
      [`base64url, ${shift} bytes in`, 'key', place('token', inside(bytes, shift).toString('base64url'))],
    ]),
  ])('finds once %s', (_, canary, where) => {
    const hits = searchForCanaries([place('other', 'nothing of it'), where], all)
    expect(hits.map((hit) => [hit.canary, hit.place])).toEqual([[canary, where.name]])
  })

  const appSecret = 'JBSWY3DPEHPK3PXPMFRGGZDFMZTWQ2LK'
  const raw = Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 37 + 11) % 256))
  const pemLine = 'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp'
  // As each would leak by a careless line: what is kept for it, where it came out, and how.
  it.each<[string, string | Uint8Array, string, string | Buffer]>([
    ['secret of an app', appSecret, 'hub/log', `otpauth://totp/Watch:m.osei?secret=${appSecret}&issuer=Watch`],
    ['secret of an app', raw.subarray(0, 20), 'journal.db', `INSERT app_totp ${raw.subarray(0, 20).toString('hex')}`],
    ['recovery code', '8ZK2-V0QM-7TJH-3XWD', 'answer 422', '{"typed":"8ZK2-V0QM-7TJH-3XWD"}'],
    ['recovery code, as it is kept', '8ZK2V0QM7TJH3XWD', 'server/log', '{"code":"8ZK2V0QM7TJH3XWD"}'],
    ['token of an invitation', 'q7-Yx0_cR2vB', 'server/log', '{"url":"/#/invited/q7-Yx0_cR2vB"}'],
    ['session', 'k3J_x-9aQ0Lmzz', 'server/log', '{"headers":{"cookie":"__Host-sid=k3J_x-9aQ0Lmzz"}}'],
    ['OIDC_CLIENT_SECRET', 'w:9 house', 'what went out', `Basic ${btoa('infusion-watch:w:9 house')}`],
    ['OIDC_CLIENT_SECRET', 'w:9 house', 'what went out', `client_secret=${encodeURIComponent('w:9 house')}&x=1`],
    ['code of single sign-on', '5b0c-77aa-91', 'server/log', '{"url":"/api/v1/sso/callback?code=5b0c-77aa-91"}'],
    ['private key of a hub', pemLine, 'core dump', `-----BEGIN PRIVATE KEY-----\n${pemLine}\n`],
    ['code of a claim', '4HX9TQ2M7KVD', 'audit.csv', 'claim.create,4HX9TQ2M7KVD'],
    ['push-key', raw, '/metrics', `vapid{key="${raw.toString('base64url')}"} 1`],
    ['secret of a hook', 'whsec-77Qm+2b/9', 'server/log', 'refused: whsec-77Qm+2b/9'],
    ['token of an account', 'tw-5518aac0', 'server/log', `authorization: Basic ${btoa('AC123:tw-5518aac0')}`],
    ['PATIENT_KEYS', raw, 'journal.db-wal', Buffer.concat([Buffer.from('\0page'), raw])],
  ])('finds a %s that leaked', (name, value, at, leaked) => {
    const hits = searchForCanaries([place('other', 'nothing of it'), place(at, leaked)], [{ name, value, home: null }])
    expect(hits.map((hit) => [hit.canary, hit.place])).toEqual([[name, at]])
  })

  it('lets each stand at home, and there alone', () => {
    const home = [place('journal.db', text), place('push-key', bytes)]
    expect(searchForCanaries(home, all)).toEqual([])
    expect(searchForCanaries([place('journal.db', bytes), place('push-key', text)], all)).toHaveLength(2)
  })

  it('is not led astray by what is nearly it, and looks for nothing that is found by chance', () => {
    expect(searchForCanaries([place('log', `${text.slice(1)} ${id.slice(0, -1)}`)], all)).toEqual([])
    expect(() => searchForCanaries([], [{ name: 'x', value: 'short', home: null }])).toThrow('too short')
  })
})
