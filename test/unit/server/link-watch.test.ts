import { describe, expect, it } from 'vitest'
import { defaultAlarmPolicy as policy } from '#domain/alarm/policy.ts'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import type { PumpReport } from '#domain/uplink/envelope.ts'
import { expectHub, hearHub, hearList, passTime } from '#server/core/link-watch.ts'
import type { LinkFinding, LinkState, LinkStep } from '#server/core/link-watch.ts'

const hub = HubId.parse('hub-1')
const boot = BootId.parse('b-1')
const p1 = PumpId.parse('P-1')
const p2 = PumpId.parse('P-2')

const report = (pumpId: PumpId, link: PumpReport['link'] = 'up', silentMs: number | null = 100): PumpReport => ({
  pumpId,
  port: 'usb0',
  protocol: 'ip1',
  link,
  silentMs,
  statusIntervalMs: 1000,
  maker: null,
  model: null,
  firmware: null,
  serial: pumpId,
  experimental: false,
  simulated: true,
})

const listedNever = (): boolean => false
const kinds = (findings: readonly LinkFinding[]): readonly string[] =>
  findings.map((f) => ('pumpId' in f ? `${f.kind} ${f.pumpId}` : f.kind))

class Watch {
  state: LinkState = new Map()
  now = 0
  #take(step: LinkStep): readonly string[] {
    this.state = step.state
    return kinds(step.findings)
  }
  expect(...pumps: readonly PumpId[]): void {
    this.state = expectHub(this.state, hub, pumps, this.now)
  }
  beat(pumps: readonly PumpReport[], bootId = boot, from = hub): readonly string[] {
    return this.#take(
      hearHub(this.state, from, { bootId, monotonicMs: this.now, pumps: [...pumps] }, this.now, policy, listedNever),
    )
  }
  list(pumpId: PumpId): readonly string[] {
    return this.#take(hearList(this.state, pumpId, this.now, policy))
  }
  pass(ms: number): readonly string[] {
    const found: string[] = []
    for (let passed = 0; passed < ms; passed += 1000) {
      this.now += Math.min(1000, ms - passed)
      found.push(...this.#take(passTime(this.state, this.now, policy)))
    }
    return found
  }
}

/** A hub with two pumps, heard and proven. */
const running = (): Watch => {
  const watch = new Watch()
  watch.expect(p1, p2)
  watch.beat([report(p1), report(p2)])
  watch.list(p1)
  watch.list(p2)
  return watch
}

describe('a silent hub', () => {
  it('is lost after 30 s, once, and names its pumps instead of losing each', () => {
    const watch = running()
    expect(watch.pass(29_999)).toEqual([])
    expect(watch.pass(1)).toEqual(['hub-lost'])
    expect(watch.pass(300_000)).toEqual([])
  })

  it('is lost exactly at the limit, not one tick later', () => {
    const watch = running()
    watch.now = 30_000
    expect(kinds(passTime(watch.state, watch.now, policy).findings)).toEqual(['hub-lost'])
  })

  it('has one interval of grace after a restart of the server, and then counts as silent', () => {
    const watch = new Watch()
    watch.expect(p1)
    expect(watch.pass(29_000)).toEqual([])
    expect(watch.pass(1000)).toEqual(['hub-lost'])
  })

  it('is proven again when it is heard and every pump it hears has sent its list', () => {
    const watch = running()
    watch.pass(30_000)
    expect(watch.beat([report(p1), report(p2)])).toEqual(['hub-heard'])
    expect(watch.list(p1)).toEqual([])
    expect(watch.list(p2)).toEqual(['hub-proven'])
  })

  it('is proven without the list of a pump it does not hear', () => {
    const watch = running()
    watch.pass(30_000)
    expect(watch.beat([report(p1), report(p2, 'lost')])).toEqual(['hub-heard', 'pump-lost P-2'])
    expect(watch.list(p1)).toEqual(['hub-proven'])
  })

  it('is proven after the silence limit when a pump keeps its list back', () => {
    const watch = running()
    watch.pass(30_000)
    watch.beat([report(p1)])
    const found = [0, 1, 2].flatMap(() => [...watch.pass(10_000), ...watch.beat([report(p1), report(p2)])])
    expect(found).toContain('hub-proven')
  })

  it('is found again when it goes silent while it is being proven', () => {
    const watch = running()
    watch.pass(30_000)
    watch.beat([report(p1)])
    expect(watch.pass(30_000)).toContain('hub-lost')
  })
})

describe('a silent pump', () => {
  it('is lost when its hub says so, once', () => {
    const watch = running()
    expect(watch.beat([report(p1, 'lost', 6000), report(p2)])).toEqual(['pump-lost P-1'])
    expect(watch.beat([report(p1, 'lost', 16_000), report(p2)])).toEqual([])
    expect(watch.beat([report(p1), report(p2)])).toEqual(['pump-found P-1'])
  })

  it('is lost when the hub calls it up but has not heard it for three intervals', () => {
    const watch = running()
    expect(watch.beat([report(p1, 'up', 4999), report(p2)])).toEqual([])
    expect(watch.beat([report(p1, 'up', 5000), report(p2)])).toEqual(['pump-lost P-1'])
  })

  it('is lost 15 s after it is missing from the list of a living hub', () => {
    const watch = running()
    expect(watch.beat([report(p2)])).toEqual([])
    expect([...watch.pass(10_000), ...watch.beat([report(p2)]), ...watch.pass(4000)]).toEqual([])
    expect(watch.pass(1000)).toEqual(['pump-lost P-1'])
  })

  it('gets 15 s to answer after its hub has restarted', () => {
    const watch = running()
    watch.beat([report(p1, 'stale'), report(p2)])
    watch.pass(10_000)
    watch.beat([report(p1, 'waiting', null), report(p2)], BootId.parse('b-2'))
    expect(watch.pass(14_000)).toEqual([])
    expect(watch.pass(1000)).toEqual(['pump-lost P-1'])
  })

  it('that is only listened to is neither up nor lost, however long it says nothing', () => {
    const watch = new Watch()
    watch.expect(p1)
    expect(watch.beat([report(p1, 'listening', null)])).toEqual(['hub-heard', 'hub-proven'])
    const found = Array.from({ length: 30 }, () => [
      ...watch.pass(10_000),
      ...watch.beat([report(p1, 'listening', 300_000)]),
    ])
    expect(found.flat()).toEqual([])
  })

  it('that is only listened to is lost with its port, and found with it', () => {
    const watch = new Watch()
    watch.expect(p1)
    watch.beat([report(p1, 'listening', null)])
    watch.beat([report(p1, 'closed', null)])
    expect([...watch.pass(10_000), ...watch.beat([report(p1, 'closed', null)]), ...watch.pass(5000)]).toEqual([
      'pump-lost P-1',
    ])
    expect(watch.beat([report(p1, 'listening', null)])).toEqual(['pump-found P-1'])
  })

  it('that another hub hears is that hub’s, and no loss of the first', () => {
    const watch = running()
    const other = HubId.parse('hub-2')
    watch.state = expectHub(watch.state, other, [], watch.now)
    expect(watch.beat([report(p1)], BootId.parse('b-9'), other)).toContain('pump-found P-1')
    watch.beat([report(p2)])
    expect(watch.pass(20_000)).toEqual([])
  })

  it('is not judged while its hub itself is silent', () => {
    const watch = running()
    watch.beat([report(p1, 'stale'), report(p2)])
    watch.pass(14_000)
    watch.now += 16_000
    expect(kinds(passTime(watch.state, watch.now, policy).findings)).toEqual(['hub-lost'])
  })
})
