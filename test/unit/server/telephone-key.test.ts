import { afterEach, beforeEach, expect, it } from 'vitest'
import { createReceiptSeal } from '#server/adapters/receipt-seal.ts'
import { telephone, telephoneKeyRoutes } from '#server/http/routes/telephone-key.ts'
import { openServerBench } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const seal = createReceiptSeal(new Uint8Array(32))
let bench: ServerBench
let app: ServerBench['app']
let pressed: string[]

beforeEach(async () => {
  bench = await openServerBench()
  pressed = []
  app = await bench.appWithPeople([telephoneKeyRoutes(seal, { pressed: async (id) => void pressed.push(id) })])
})
afterEach(async () => {
  await app.close()
  await bench.close()
})

const press = (id: string, token: string, body = '', type = 'application/x-www-form-urlencoded') =>
  app.inject({
    method: 'POST',
    url: `/api/v1/paging/calls/${id}/${token}`,
    headers: body === '' ? {} : { 'content-type': type },
    payload: body,
  })

it.each([
  ['a form', 'Digits=1&CallSid=CA1', 'application/x-www-form-urlencoded'],
  ['JSON', '{"digits":"1"}', 'application/json'],
  ['broken JSON', '{', 'application/json'],
  ['nothing', '', ''],
])(
  'a key that a provider tells with %s is a receipt of that page, and is thanked for in its own language',
  async (_, body, type) => {
    const answer = await press('n-1', seal.tokenFor('n-1', telephone), body, type)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, expect.stringContaining('text/xml')])
    expect(answer.body).toMatch(/^<Response><Say>[^<]+<\/Say><\/Response>$/)
    expect(pressed).toEqual(['n-1'])
  },
)

it('what was not made for that page, or for a telephone, is not found', async () => {
  for (const token of ['x', seal.tokenFor('n-2', telephone), seal.tokenFor('n-1', 'd-1')])
    expect((await press('n-1', token, 'Digits=1')).statusCode).toBe(404)
  expect(pressed).toEqual([])
})
