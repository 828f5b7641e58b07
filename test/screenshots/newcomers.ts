import { NewTotp } from '#domain/people/factors.ts'
import { InvitationLink } from '#domain/people/people-api.ts'
import { authenticatorApp } from '#test/support/authenticator-app.ts'
import { Nurse } from '#test/support/nurse.ts'
import type { Demonstration } from './demonstration.ts'

// People of the pictures who come in as in a house that is no demonstration: by a link, and with a second factor.

const invitedNames = ['t.haas', 'e.sato', 'f.duarte', 'h.brandt', 'w.mensah'] as const
const factorNames = ['k.lang', 'p.iyer', 's.roth', 'c.weiss', 'd.kaya'] as const

export interface Newcomers {
  /** Sent to somebody who has not followed it. */
  readonly link: string
  /** Somebody whose password is not enough. */
  readonly name: string
  readonly password: string
}

const succeeded = async (answer: Response, what: string): Promise<Response> => {
  if (answer.ok) return answer
  throw new Error(`${what} was answered ${answer.status}: ${await answer.text()}`)
}

/** Another name where a demonstration is used again. */
const invite = async (admin: Nurse, names: readonly string[]): Promise<{ name: string; link: string }> => {
  for (const name of names) {
    const answer = await admin.request('POST', '/people', { name, role: 'nurse', teamIds: [] })
    if (answer.status === 409) continue
    return { name, link: InvitationLink.parse(await (await succeeded(answer, 'an invitation')).json()).link }
  }
  throw new Error(`the demonstration knows ${names.join(', ')} already: start it anew`)
}

export const bringNewcomers = async (demo: Demonstration): Promise<Newcomers> => {
  const { name, password } = demo.user('admin')
  const admin = await Nurse.signIn(demo.url, name, password)
  const { link } = await invite(admin, invitedNames)
  const second = await invite(admin, factorNames)
  const chosen = 'four words nobody would put together'
  const token = second.link.split('/').at(-1)
  await succeeded(
    await admin.request('POST', '/invitations/accept', { token, password: chosen }),
    'the choice of a password',
  )
  const nurse = await Nurse.signIn(demo.url, second.name, chosen)
  const begun = await succeeded(await nurse.request('POST', '/factors/totp'), 'an authenticator app')
  const code = authenticatorApp(NewTotp.parse(await begun.json()).secret)(Date.now())
  await succeeded(await nurse.request('PUT', '/factors/totp', { code }), 'the first code of the app')
  return { link, name: second.name, password: chosen }
}
