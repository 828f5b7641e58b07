import { describe, expect, it } from 'vitest'
import { instant } from '#domain/time.ts'
import { isProxyAddress } from '#server/core/transport/proxy-address.ts'
import { certificateTrouble } from '#server/core/transport/certificate.ts'
import { serverTrouble } from '#server/core/transport/server-trouble.ts'
import { openServerBench } from '#test/support/server-bench.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const told = (lifeDays: number, dayOfLife: number, problem: string | null = null): string | null =>
  certificateTrouble(
    { served: { validFrom: instant(start), validTo: instant(start + lifeDays * day) }, problem },
    instant(start + dayOfLife * day),
    (at) => new Date(at).toISOString().slice(0, 10),
  )

describe('the server’s certificate', () => {
  it('is nobody’s business until two weeks before its end, which it names', () => {
    expect(told(90, 75.9)).toBeNull()
    expect(told(90, 76)).toBe("the server's TLS certificate ends on 2026-04-01: renew it, or nobody gets through")
    expect(told(90, 90)).toMatch(/ended on 2026-04-01: browsers and hubs refuse it$/)
    expect(told(90, -1)).toMatch(/not valid before 2026-01-01/)
  })

  it('that lives for six days is worth a word in the last quarter of its life', () => {
    expect(told(6, 4.4)).toBeNull()
    expect(told(6, 4.6)).toMatch(/ends on 2026-01-07/)
  })

  it('that could not be replaced is told with the reason, long before it ends', () => {
    expect(told(90, 10, 'the key is another one')).toBe(
      'a new TLS certificate cannot be used, the old one goes on: the key is another one',
    )
    expect(told(90, 80, 'the key is another one')).toMatch(
      /ends on .*; the files hold no better one: the key is another one$/,
    )
  })
})

it('what the server needs somebody for is one low alarm of the site, which ends with the last trouble', async () => {
  const bench = await openServerBench()
  let troubles: (string | null)[] = [null, null]
  const alarm = serverTrouble({
    troubles: () => troubles,
    system: (commands) => bench.alarms.system(commands),
    clock: bench.clock,
    newEpisodeId: bench.newEpisodeId,
    log: bench.log,
  })
  const shown = () => bench.picture.openAlarms().map((one) => `${one.code} ${one.condition}: ${one.vendorText}`)
  await alarm.look()
  expect(shown()).toEqual([])
  troubles = ['the certificate ends', 'too much to do']
  await alarm.look()
  await alarm.look()
  expect(shown()).toEqual(['server-degraded active: the certificate ends; too much to do'])
  expect(bench.picture.openAlarms()).toMatchObject([{ priority: 'low', simulated: false, pumpId: null }])
  troubles = [null, null]
  await alarm.look()
  expect(shown()).toEqual([expect.stringMatching(/^server-degraded ended/)])
  await bench.close()
})

it('a list of proxies names addresses and networks, and never everybody', () => {
  for (const good of ['127.0.0.1', '10.1.2.0/28', '10.0.0.0/8', '::1', '2001:db8::/48', '::ffff:10.0.0.1'])
    expect(isProxyAddress(good), good).toBe(true)
  for (const wrong of [
    'true',
    '1',
    '*',
    'proxy.lan',
    '0.0.0.0/0',
    '10.0.0.0/7',
    '::/0',
    '256.1.1.1',
    '10.1.2.3/33',
    ':',
  ])
    expect(isProxyAddress(wrong), wrong).toBe(false)
})
