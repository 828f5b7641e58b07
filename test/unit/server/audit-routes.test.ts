import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuditPage } from '#domain/audit/api.ts'
import { AuditDesk } from '#server/core/audit-desk.ts'
import { auditRoutes } from '#server/http/routes/audit.ts'
import { byAdmin } from '#test/support/acts.ts'
import { openServerBench } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'
import { TeamId } from '#domain/on-call/duty.ts'

let bench: ServerBench
let app: Awaited<ReturnType<ServerBench['appWithPeople']>>

beforeEach(async () => {
  bench = await openServerBench()
  const desk = new AuditDesk({
    audit: bench.audit,
    reader: bench.auditReader,
    sightings: bench.sightings,
    heads: { state: { copied: { at: 5, seq: 1 }, away: true, failing: 0 } },
    check: { state: { verifiedTo: 1, at: 6, fault: null } },
    accounts: bench.store,
    clock: bench.clock,
  })
  app = await bench.appWithPeople([auditRoutes(desk, bench.clock)])
})
afterEach(async () => {
  await app.close()
  await bench.close()
})

const get = (url: string, cookie: string) => app.inject({ url: `/api/v1${url}`, headers: { cookie } })

describe('the audit trail over HTTP', () => {
  it('is for administrators alone', async () => {
    expect((await get('/audit', '')).statusCode).toBe(401)
    for (const role of ['nurse', 'lead', 'engineer'] as const) {
      const cookie = await bench.signIn(role)
      expect((await get('/audit', cookie)).statusCode).toBe(403)
      expect((await get('/audit/export', cookie)).statusCode).toBe(403)
    }
  })

  it('comes newest first, a page at a time, with the state of the chain and names; reading it is recorded once', async () => {
    const admin = await bench.signIn('admin')
    for (const name of ['a', 'b', 'c']) await bench.onCall.addTeam(byAdmin.by, TeamId.parse(`team-${name}`), name)
    const first = AuditPage.parse((await get('/audit?limit=2', admin)).json())
    expect(first.rows.map(({ seq, action }) => [seq, action])).toEqual([
      [4, 'audit.read'],
      [3, 'team.name'],
    ])
    expect(first).toMatchObject({
      more: true,
      chain: { rows: 4, verifiedTo: 1, head: { seq: 1 }, away: true, lost: 0 },
    })
    expect(first.people).toEqual([{ userId: 'u-admin', name: 'admin' }])
    const rest = AuditPage.parse((await get('/audit?limit=2&before=3', admin)).json())
    expect(rest.rows.map(({ seq }) => seq)).toEqual([2, 1])
    expect(rest.more).toBe(false)
  })

  it('is asked by person, act, id and the last hours', async () => {
    const admin = await bench.signIn('admin')
    await bench.onCall.addTeam(byAdmin.by, TeamId.parse('north'), 'North')
    bench.clock.advance(60_000)
    await bench.onCall.addTeam(byAdmin.by, TeamId.parse('south'), 'South')
    const objects = async (query: string) =>
      AuditPage.parse((await get(`/audit?${query}`, admin)).json()).rows.map(({ object }) => object)
    expect(await objects('action=team.name')).toEqual(['team:south', 'team:north'])
    expect(await objects('action=team.name&last=30000')).toEqual(['team:south'])
    expect(await objects('object=north&actor=command-line')).toEqual(['team:north'])
    expect((await get('/audit?action=steal', admin)).statusCode).toBe(400)
    expect((await get('/audit?limit=501', admin)).statusCode).toBe(400)
  })

  it('leaves as CSV, which is recorded before the first row leaves', async () => {
    const admin = await bench.signIn('admin')
    await bench.onCall.addTeam(byAdmin.by, TeamId.parse('north'), 'North')
    const answer = await get('/audit/export', admin)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    const [head, exported, team] = answer.body.split('\r\n')
    expect(head).toMatch(/^seq,time,actor,action,outcome,object,/)
    expect(exported).toMatch(/^2,[^,]+,u-admin,audit.export,done,list:audit,,,[0-9a-f]{64},[0-9a-f]{64}$/)
    expect(team).toMatch(/^1,[^,]+,command-line,team.name,done,team:north,,[0-9a-f]{64},0{64},[0-9a-f]{64}$/)
  })
})
