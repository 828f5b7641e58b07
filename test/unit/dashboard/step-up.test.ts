import { describe, expect, it } from 'vitest'
import { StepUp, withStepUp } from '#dashboard/ui/state/step-up.ts'
import type { ApiAnswer, ServerLink } from '#dashboard/core/worker-protocol.ts'

/** Answers `sign-out`, which stands for any act, with these one after the other. */
const linkThat = (...answers: readonly ApiAnswer<'sign-out'>[]) => {
  const left = [...answers]
  const asked: unknown[] = []
  const link: ServerLink = {
    post: () => undefined,
    listen: () => undefined,
    async request(request) {
      asked.push(request)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only sign-out is asked here
      return left.shift() as never
    },
  }
  return { link, asked }
}

const needed = { ok: false, failure: 'step-up-needed' } as const
const act = { what: 'sign-out' } as const

describe('a request that needs a fresh proof', () => {
  it('is sent again after the proof, and its answer is the second one', async () => {
    const { link, asked } = linkThat(needed, { ok: true, body: null })
    const stepUp = new StepUp()
    const answer = withStepUp(link, stepUp).request<'sign-out'>(act)
    await Promise.resolve()
    expect(stepUp.asked.value).toBe(true)
    stepUp.answered(true)
    expect(await answer).toEqual({ ok: true, body: null })
    expect(asked).toEqual([act, act])
    expect(stepUp.asked.value).toBe(false)
  })

  it('is not sent again when she closes the dialog', async () => {
    const { link, asked } = linkThat(needed)
    const stepUp = new StepUp()
    const answer = withStepUp(link, stepUp).request<'sign-out'>(act)
    await Promise.resolve()
    stepUp.answered(false)
    expect(await answer).toEqual(needed)
    expect(asked).toHaveLength(1)
  })

  it('asks once for several that wait, and all go on', async () => {
    const { link, asked } = linkThat(needed, needed, { ok: true, body: null }, { ok: true, body: null })
    const stepUp = new StepUp()
    const linked = withStepUp(link, stepUp)
    const answers = Promise.all([linked.request<'sign-out'>(act), linked.request<'sign-out'>(act)])
    await Promise.resolve()
    stepUp.answered(true)
    expect((await answers).every(({ ok }) => ok)).toBe(true)
    expect(asked).toHaveLength(4)
  })
})

describe('any other request', () => {
  it('asks for nothing', async () => {
    const { link } = linkThat({ ok: false, failure: 'forbidden' })
    const stepUp = new StepUp()
    expect(await withStepUp(link, stepUp).request<'sign-out'>(act)).toEqual({ ok: false, failure: 'forbidden' })
    expect(stepUp.asked.value).toBe(false)
  })
})
