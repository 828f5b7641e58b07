import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openHubBench } from '#test/support/hub-bench.ts'
import { batch, condition } from '#test/support/uplink-records.ts'

const seed = 2110
const covered = ['@method', '@authority', '@path', '@query', 'content-type', 'content-digest']

/** Pieces of a signature header, good and bad, in any order and number: what a parser of structured fields can stumble over. */
const piece = fc.oneof(
  fc.constantFrom(
    'hub=',
    'sig1=',
    '(',
    ')',
    ';',
    ',',
    ':',
    '"',
    '=',
    '?1',
    ' ',
    '\t',
    '\\',
    '\0',
    '\r\n',
    '*',
    '%00',
    ...covered.map((one) => `"${one}"`),
    '"@target-uri"',
    '"@method";req',
    '"@method";sf',
    '"__proto__"',
    '"constructor"',
    '"@signature-params"',
    'created=',
    'created=1e9',
    'created=-1',
    'created=99999999999999999999',
    'created="1"',
    'expires=1',
    'nonce="boot-1:1"',
    'nonce="',
    'nonce=boot',
    'nonce="boot-1:999999999999999999"',
    'nonce="__proto__:1"',
    'keyid="nobody"',
    'keyid=""',
    'keyid="__proto__"',
    'alg="ed25519"',
    'alg="hmac-sha256"',
    'alg="none"',
    'tag="hub-v1"',
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.nat().map(String),
)
const random = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

/** One honest header with one thing wrong. */
const bend = (honest: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.nat({ max: honest.length }).map((at) => honest.slice(0, at)),
    fc
      .tuple(fc.nat({ max: honest.length - 1 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }))
      .map(([at, text]) => honest.slice(0, at) + text + honest.slice(at + 1)),
    fc.nat({ max: honest.length - 1 }).map((at) => honest.slice(0, at) + honest.slice(at + 1)),
    fc.constantFrom(
      `${honest}, ${honest}`,
      `${honest},other=:AA==:`,
      honest.toUpperCase(),
      ` ${honest}x`,
      honest.repeat(30),
    ),
  )

const fields = ['signature-input', 'signature', 'content-digest', 'host', 'content-type'] as const

it('no signature header that is not the honest one is taken, stores anything or breaks the server', async () => {
  const bench = await openHubBench()
  const statuses = new Map<number, number>()
  let tried = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const field = draw(() => fc.constantFrom(...fields))
      const path = draw(() => fc.constantFrom('alarm', 'telemetry', 'heartbeat'))
      // The limit for strangers must not answer in place of the check.
      bench.clock.advance(1_000)
      const good = bench.hub.request(`/hub/v1/${path}`, batch([condition(1)]), bench.clock.now())
      const value = draw(() => fc.oneof(random, bend(good.headers[field])))
      if (value.trim().toLowerCase() === good.headers[field].toLowerCase()) return
      const reply = await bench.app.inject({ ...good, headers: { ...good.headers, [field]: value } })
      tried += 1
      statuses.set(reply.statusCode, (statuses.get(reply.statusCode) ?? 0) + 1)
      expect([401, 415], `${field}: ${JSON.stringify(value)} -> ${reply.body}`).toContain(reply.statusCode)
    }),
    { seed, numRuns: 2_000 },
  )
  console.log(`seed ${seed}: ${tried} forged requests, answers ${JSON.stringify(Object.fromEntries(statuses))}`)
  expect([bench.taken, bench.stored, bench.heard]).toEqual([[], [], []])
  // What was fuzzed is what would have been taken.
  expect((await bench.send('alarm', batch([condition(1)]))).statusCode).toBe(200)
})
