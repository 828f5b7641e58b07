import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Page } from '#domain/paging/page.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { Secret } from '#domain/secret.ts'
import { signHook } from '#server/adapters/hook-signer.ts'
import { nodeClock, nodeScheduler } from '#server/adapters/node-clock.ts'
import { createHttpOutgoing } from '#server/adapters/outgoing/http-outgoing.ts'
import { readPagingHooks } from '#server/adapters/paging-hooks-file.ts'
import type { Outcome } from '#server/core/channels/outcome.ts'
import { WebhookChannel } from '#server/core/channels/webhook-channel.ts'
import type { HookReach, HookTarget } from '#server/core/webhooks.ts'
import { eventually } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import type { Behaviour } from '#test/support/failing-service.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { lindId, oseiId, pageOf } from '#test/support/page-fixtures.ts'

const everybody: HookReach = { kind: 'everybody' }
const north = TeamId.parse('north')
const clock = new ManualClock()

let service: FailingService
beforeEach(async () => {
  service = await FailingService.start()
})
afterEach(() => service[Symbol.asyncDispose]())

const url = (path: string): Secret => new Secret(`${service.url}/${path}`)
const channelFor = (
  hooks: readonly (readonly [name: string, reach: HookReach, target: HookTarget])[],
  scheduler = nodeScheduler as Pick<ManualClock, 'after'>,
): WebhookChannel =>
  new WebhookChannel({
    hooks: hooks.map(([name, reach, target]) => ({ name, reach, target })),
    people: {
      userId: async (name) => (name === 'm.osei' ? oseiId : null),
      nurse: (name) => (name === 'm.osei' ? oseiId : null),
      isOnDuty: (teamId, userId) => teamId === north && userId === lindId,
    },
    outgoing: createHttpOutgoing({ clock, scheduler, trustedHosts: [service.host] }),
    sign: signHook,
    clock,
    site: 'North & South',
    wall: () => 'https://watch.example.org/#/',
    callback: (id) => `https://watch.example.org/api/v1/paging/calls/${id}/a-token`,
  })
const only = (target: HookTarget) => channelFor([['hook', everybody, target]])
const slack = (path: string): HookTarget => ({ template: 'slack', url: url(path) })
const undeliverable = (reason: string, retryAfterMs: number | null = null): Outcome => ({
  is: 'undeliverable',
  reason,
  gone: false,
  retryAfterMs,
})
const bodyAt = (index: number): unknown => JSON.parse(service.received[index]?.body.toString() ?? 'null')

describe('a hook', () => {
  it('gets pages of its person, of whoever is on duty in its team, or of everybody', async () => {
    const channel = channelFor([
      ['of Osei', { kind: 'user', name: 'm.osei' }, slack('osei')],
      ['of nobody', { kind: 'user', name: 'who' }, slack('nobody')],
      ['of the team', { kind: 'team', teamId: north }, slack('team')],
      ['of all', everybody, slack('all')],
    ])
    const names = async (userId: typeof oseiId) => (await channel.send(pageOf(), userId)).map(({ address }) => address)
    expect(await names(oseiId)).toEqual(['of Osei', 'of all'])
    expect(await names(lindId)).toEqual(['of the team', 'of all'])
  })

  it('json: signed as Standard Webhooks says, and the receiver can check it', async () => {
    const key = Buffer.from('a key of thirty-two bytes length')
    const channel = only({ template: 'json', url: url('in'), secret: new Secret(`whsec_${key.toString('base64')}`) })
    const page = pageOf()
    expect(await channel.send(page, oseiId)).toEqual([{ channel: 'webhook', address: 'hook', outcome: { is: 'sent' } }])
    const got = service.received[0]
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = got?.headers ?? {}
    expect([id, at]).toEqual(['n-1', String(Math.floor(clock.now() / 1000))])
    const expected = createHmac('sha256', key).update(`${String(id)}.${String(at)}.${got?.body.toString()}`)
    expect(signature).toBe(`v1,${expected.digest('base64')}`)
    expect(bodyAt(0)).toEqual({ type: 'page', data: page })
    await channel.over(page, oseiId, 'accepted')
    expect(bodyAt(1)).toEqual({
      type: 'page.over',
      data: { notificationId: 'n-1', thread: 'n-1', episodeIds: ['e-1'], end: 'accepted' },
    })
  })

  it('the signer makes the example of the Standard Webhooks specification', () => {
    const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    const text = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    expect(signHook(secret, text)).toBe('g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('ntfy: published as JSON with its priority, a click that opens the wall, and its token', async () => {
    const channel = only({ template: 'ntfy', url: url('base/on-call'), token: new Secret('tk_12345678') })
    await channel.send(pageOf({ place: 'backup', attempt: 3 }), oseiId)
    await channel.send(pageOf({ priority: 'medium', simulated: true, ward: null }), oseiId)
    expect(service.received[0]).toMatchObject({ path: '/base/', headers: { authorization: 'Bearer tk_12345678' } })
    expect(bodyAt(0)).toEqual({
      topic: 'on-call',
      title: 'High alarm',
      message: 'North 12. You are asked as backup. Asked 3 times.',
      priority: 5,
      tags: ['rotating_light'],
      click: 'https://watch.example.org/#/',
    })
    expect(bodyAt(1)).toMatchObject({ title: 'Simulated: Medium alarm', message: 'You are on call.', priority: 4 })
    expect(await channel.over(pageOf(), oseiId, 'ended')).toEqual([])
  })

  it('pagerduty: one incident per page, whatever the attempt, and resolved at its end', async () => {
    const channel = only({ template: 'pagerduty', url: url('v2/enqueue'), routingKey: new Secret('R'.repeat(32)) })
    service.behaviour = { status: 202 }
    const second = pageOf({ notificationId: 'n-2', thread: 'root-1', attempt: 2 })
    await channel.send(pageOf({ thread: 'root-1' }), oseiId)
    await channel.send(second, oseiId)
    await channel.over(second, oseiId, 'accepted')
    expect(bodyAt(0)).toEqual({
      routing_key: 'R'.repeat(32),
      event_action: 'trigger',
      dedup_key: 'root-1',
      client: 'North & South',
      client_url: 'https://watch.example.org/#/',
      payload: {
        summary: 'High alarm. North 12. You are on call.',
        source: 'North 12',
        severity: 'critical',
        class: 'alarm',
        custom_details: { place: 'primary', attempt: 1, alarms: 1, simulated: false },
      },
    })
    expect(bodyAt(1)).toMatchObject({ dedup_key: 'root-1', event_action: 'trigger' })
    expect(bodyAt(2)).toEqual({ routing_key: 'R'.repeat(32), event_action: 'resolve', dedup_key: 'root-1' })
  })

  it('slack: a header, a line and a link; a label cannot mention or link', async () => {
    await only({ template: 'slack', url: url('services/T/B/X') }).send(pageOf({ ward: '<!channel> & co' }), oseiId)
    expect(bodyAt(0)).toMatchObject({
      text: 'High alarm. &lt;!channel&gt; &amp; co. You are on call.',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'High alarm' } },
        {
          type: 'section',
          text: {
            text: '&lt;!channel&gt; &amp; co. You are on call.\n<https://watch.example.org/#/|Open North &amp; South>',
          },
        },
      ],
    })
  })

  const number = new Secret('+493012345678')
  const bridge = (): HookTarget => ({
    template: 'voice',
    url: url('calls'),
    secret: new Secret('s'.repeat(24)),
    number,
    language: 'de-DE',
  })

  it('a telephone rings for calls and tests alone, and calls ring nothing else', async () => {
    const channel = channelFor([
      ['her telephone', { kind: 'user', name: 'm.osei' }, bridge()],
      ['chat', everybody, slack('chat')],
    ])
    const names = async (kind: Page['kind'], userId = oseiId) =>
      (await channel.send(pageOf({ kind }), userId)).map(({ address }) => address)
    expect(await names('alarm')).toEqual(['chat'])
    expect(await names('reminder')).toEqual(['chat'])
    expect(await names('call')).toEqual(['her telephone'])
    expect(await names('test')).toEqual(['her telephone', 'chat'])
    expect(await names('call', lindId)).toEqual([])
    expect([oseiId, lindId].map((userId) => channel.canCall(userId))).toEqual([true, false])
    expect(await channel.over(pageOf({ kind: 'call' }), oseiId, 'accepted')).toEqual([])
  })

  it('voice: number, words and the address of the key, signed', async () => {
    await only(bridge()).send(pageOf({ kind: 'call' }), oseiId)
    const got = service.received[0]
    expect(bodyAt(0)).toEqual({
      type: 'call',
      data: {
        id: 'n-1',
        to: '+493012345678',
        say: 'High alarm. North 12. Press any key to say that you heard this.',
        language: 'de-DE',
        callback: 'https://watch.example.org/api/v1/paging/calls/n-1/a-token',
      },
    })
    const { 'webhook-timestamp': at, 'webhook-signature': signature } = got?.headers ?? {}
    const expected = createHmac('sha256', 's'.repeat(24)).update(`n-1.${String(at)}.${got?.body.toString()}`)
    expect(signature).toBe(`v1,${expected.digest('base64')}`)
  })

  it('twilio: a call that says it three times and asks for a key; a label cannot add to what is said', async () => {
    const account = `AC${'0'.repeat(32)}`
    const target: HookTarget = {
      template: 'twilio',
      url: url('Calls.json'),
      account,
      token: new Secret('t'.repeat(32)),
      from: '+15005550006',
      number,
      language: 'en-GB',
    }
    await only(target).send(pageOf({ kind: 'call', ward: '</Say><Dial>1</Dial> & co' }), oseiId)
    const { headers, body } = service.received[0] ?? { headers: {}, body: Buffer.alloc(0) }
    expect(headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${account}:${'t'.repeat(32)}`).toString('base64')}`,
    })
    const form = new URLSearchParams(body.toString())
    expect([form.get('To'), form.get('From'), form.get('Timeout')]).toEqual(['+493012345678', '+15005550006', '25'])
    expect(form.get('Twiml')).toBe(
      '<Response><Gather action="https://watch.example.org/api/v1/paging/calls/n-1/a-token" method="POST" numDigits="1" timeout="10">' +
        '<Say language="en-GB" loop="3">High alarm. &lt;/Say&gt;&lt;Dial&gt;1&lt;/Dial&gt; &amp; co. Press any key to say that you heard this.</Say></Gather></Response>',
    )
  })

  const cases: readonly (readonly [string, Behaviour, Outcome])[] = [
    ['200', { status: 200 }, { is: 'sent' }],
    ['202', { status: 202 }, { is: 'sent' }],
    ['302', { status: 302, headers: { location: 'http://169.254.169.254/' } }, undeliverable('redirected')],
    ['400', { status: 400 }, undeliverable('refused')],
    ['403', { status: 403 }, undeliverable('not-allowed')],
    ['404', { status: 404 }, undeliverable('gone')],
    ['410', { status: 410 }, undeliverable('gone')],
    ['413', { status: 413 }, undeliverable('too-large')],
    ['429', { status: 429, headers: { 'retry-after': '9' } }, undeliverable('too-many', 9_000)],
    ['500', { status: 500 }, undeliverable('server-error')],
    ['503', { status: 503 }, undeliverable('server-error')],
    ['reset', 'reset', undeliverable('reset')],
    ['not HTTP', 'not HTTP', undeliverable('bad-answer')],
    ['giant answer', 'giant answer', { is: 'sent' }],
  ]
  it.each(cases)('of a service that fails: %s', async (_, behaviour, outcome) => {
    service.behaviour = behaviour
    const channel = only({ template: 'slack', url: url('x') })
    expect((await channel.send(pageOf(), oseiId)).map((delivery) => delivery.outcome)).toEqual([outcome])
    // It stands in a file: it is tried again, except while it asked to be left alone.
    await channel.send(pageOf({ attempt: 2 }), oseiId)
    expect(service.received).toHaveLength(outcome.is === 'undeliverable' && outcome.reason === 'too-many' ? 1 : 2)
  })

  it.each(['black hole', 'trickle'] as const)('of a service that fails: %s', async (behaviour) => {
    service.behaviour = behaviour
    const time = new ManualClock()
    const channel = channelFor([['hook', everybody, { template: 'slack', url: url('x') }]], time)
    const sending = channel.send(pageOf(), oseiId)
    await eventually(() => service.received.length === 1)
    await time.advanceAsync(5_000)
    expect((await sending)[0]?.outcome).toEqual({ is: 'timed-out' })
  })

  it('can be looked at without paging anybody', async () => {
    expect(await channelFor([]).selfTest()).toBeNull()
    const channel = only({ template: 'slack', url: url('x') })
    expect(await channel.selfTest()).toEqual({ reason: null })
    expect(service.received).toEqual([])
  })
})

const read = (text: string, trustedHosts: readonly string[] = []) => {
  const folder = mkdtempSync(join(tmpdir(), 'hooks-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'hooks.yaml')
  writeFileSync(file, text)
  const outgoing = createHttpOutgoing({ clock: nodeClock, scheduler: nodeScheduler, trustedHosts })
  return readPagingHooks(file, (address) => outgoing.allows(address))
}

describe('the file of hooks', () => {
  it('is read', async () => {
    const hooks = await read(
      `
- name: Osei by ntfy
  for: { user: m.osei }
  send: { template: ntfy, url: 'https://ntfy.sh/some-topic' }
- name: North by PagerDuty
  for: { team: north }
  send: { template: pagerduty, routingKey: ${'R'.repeat(32)} }
- name: Her telephone
  for: { user: m.osei }
  send: { template: twilio, account: 'AC${'0'.repeat(32)}', token: ${'t'.repeat(32)}, from: '+15005550006', number: '+493012345678' }
- name: All to our own
  for: everybody
  send: { template: json, url: 'http://hooks.lan/in', secret: ${'s'.repeat(24)} }
`,
      ['hooks.lan'],
    )
    expect(hooks.map(({ name, reach, target }) => [name, reach.kind, target.template, target.url.reveal()])).toEqual([
      ['Osei by ntfy', 'user', 'ntfy', 'https://ntfy.sh/some-topic'],
      ['North by PagerDuty', 'team', 'pagerduty', 'https://events.pagerduty.com/v2/enqueue'],
      ['Her telephone', 'user', 'twilio', `https://api.twilio.com/2010-04-01/Accounts/AC${'0'.repeat(32)}/Calls.json`],
      ['All to our own', 'everybody', 'json', 'http://hooks.lan/in'],
    ])
    expect(JSON.stringify(hooks)).not.toMatch(/ntfy\.sh|RRRR|ssss|tttt|4930123/)
    expect(await read('')).toEqual([])
  })

  it.each([
    [
      "- { name: a, for: everybody, send: { template: slack, url: 'http://example.org/hidden' } }",
      /the URL of a must be https/,
    ],
    [
      "- { name: a, for: everybody, send: { template: json, url: 'https://e.org/', secret: hidden } }",
      /0\.send\.secret: must have at least 24/,
    ],
    ["- { name: a, for: nobody, send: { template: slack, url: 'https://e.org/' } }", /0\.for: must be everybody/],
    ["- { name: a, for: everybody, send: { template: fax, url: 'https://e.org/hidden' } }", /0\.send\.template/],
    [
      "- { name: a, for: everybody, send: { template: voice, url: 'https://e.org/', secret: sssssssssssssssssssssssss, number: '030-hidden' } }",
      /0\.send\.number: must be a telephone number/,
    ],
    ['- { name: a, name: hidden', /is not YAML/],
    [
      `[{ "name": "a", "for": "everybody", "send": { "template": "slack", "url": "https://e.org/1" } },
        { "name": "a", "for": "everybody", "send": { "template": "slack", "url": "https://e.org/2" } }]`,
      /two hooks have the same name/,
    ],
  ])('%s is refused by name, and no secret is printed', async (text, message) => {
    const refused = await read(text).then(
      () => null,
      (error: unknown) => error,
    )
    expect(refused).toMatchObject({ code: 'SRV_CONFIG', message: expect.stringMatching(message) })
    expect(String(refused)).not.toContain('hidden')
  })

  it('that is not there is named', async () => {
    await expect(readPagingHooks('/nowhere/hooks.yaml', () => true)).rejects.toThrow(
      'PAGING_HOOKS_FILE /nowhere/hooks.yaml: cannot be read: ENOENT',
    )
  })
})
