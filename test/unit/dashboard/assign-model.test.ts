import { describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import type { ApiAnswer, ServerLink } from '#dashboard/core/worker-protocol.ts'
import { AssignModel } from '#dashboard/ui/state/assign-model.ts'
import { pumpOf } from '#test/support/live-fixtures.ts'

const north = TeamId.parse('north')
const line = (pumpId: string, useVersion: number | null = 1) => ({ pump: pumpOf(pumpId), useVersion })

const bench = (answer: ApiAnswer<'assign-team'>) => {
  const asked: unknown[] = []
  const link = {
    post: () => {},
    listen: () => {},
    request: async (request: unknown) => {
      asked.push(request)
      return answer
    },
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one request is asked here, and this is its answer
  return { model: new AssignModel(link as unknown as ServerLink), asked }
}

describe('giving many pumps to a team', () => {
  it('takes lines one by one with the version that was seen, and none that nobody may know', async () => {
    const { model, asked } = bench({ ok: true, body: { changed: [PumpId.parse('P-1')], serverTime: 0 } })
    model.toggle(line('P-1'))
    expect(model.chosen.value).toBeNull()
    model.begin()
    for (const one of [line('P-1', 3), line('P-2', 0), line('P-3', null), line('P-2', 0)]) model.toggle(one)
    expect([...(model.chosen.value ?? [])]).toEqual([['P-1', 3]])
    expect(await model.assign(north)).toBe(true)
    expect(asked).toEqual([
      { what: 'assign-team', body: { teamId: north, pumps: [{ pumpId: 'P-1', expectedVersion: 3 }] } },
    ])
    expect(model.chosen.value).toBeNull()
    expect(model.told.value).toEqual({ is: 'done', changed: 1, teamId: north })
  })

  it('asks for no more than the server takes at once, and never without a choice', async () => {
    const { model, asked } = bench({ ok: false, failure: 'unreachable' })
    model.begin()
    expect(await model.assign(north)).toBe(false)
    expect(asked).toEqual([])
    for (let pump = 0; pump < 205; pump += 1) model.toggle(line(`P-${pump}`))
    expect(model.chosen.value?.size).toBe(200)
  })

  it('keeps the choice when the server refuses, with its reason', async () => {
    const { model } = bench({ ok: false, failure: 'server-error', detail: 'Somebody changed P-1 meanwhile.' })
    model.begin()
    model.toggle(line('P-1'))
    expect(await model.assign(north)).toBe(false)
    expect(model.told.value).toMatchObject({ is: 'refused', detail: 'Somebody changed P-1 meanwhile.' })
    expect(model.chosen.value?.size).toBe(1)
  })
})
