import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { TeamId } from '#domain/on-call/duty.ts'
import { Secret } from '#domain/secret.ts'
import { ServerError } from '../core/errors.ts'
import type { HookReach, Webhook } from '../core/webhooks.ts'

const secret = (least: number) =>
  z
    .string()
    .min(least, `must have at least ${least} characters`)
    .transform((value) => new Secret(value))
const url = z.url({ protocol: /^https?$/, error: 'must be an https URL' }).transform((value) => new Secret(value))
const telephoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a telephone number such as +493012345678')
const number = telephoneNumber.transform((value) => new Secret(value))
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'must be a language such as en-GB')
  .default('en-GB')

const Target = z.discriminatedUnion('template', [
  z.strictObject({ template: z.literal('json'), url, secret: secret(24) }),
  z.strictObject({
    template: z.literal('ntfy'),
    url,
    token: secret(8)
      .nullable()
      .default(() => null),
  }),
  z.strictObject({
    template: z.literal('pagerduty'),
    url: url.default(() => new Secret('https://events.pagerduty.com/v2/enqueue')),
    routingKey: secret(32),
  }),
  z.strictObject({ template: z.literal('slack'), url }),
  z.strictObject({ template: z.literal('voice'), url, secret: secret(24), number, language }),
  z
    .strictObject({
      template: z.literal('twilio'),
      account: z.string().regex(/^AC[0-9a-f]{32}$/, 'must be the account SID, AC and 32 hexadecimal digits'),
      token: secret(16),
      from: telephoneNumber,
      number,
      language,
      url: url.optional(),
    })
    .transform(({ url: given, ...rest }) => ({
      ...rest,
      url: given ?? new Secret(`https://api.twilio.com/2010-04-01/Accounts/${rest.account}/Calls.json`),
    })),
])

const Reach = z.union(
  [
    z.literal('everybody').transform((): HookReach => ({ kind: 'everybody' })),
    z
      .strictObject({ user: z.string().trim().min(1).max(64) })
      .transform(({ user }): HookReach => ({ kind: 'user', name: user })),
    z.strictObject({ team: TeamId }).transform(({ team }): HookReach => ({ kind: 'team', teamId: team })),
  ],
  { error: 'must be everybody, {user: NAME} or {team: TEAM}' },
)

const Hook = z.strictObject({ name: z.string().trim().min(1).max(64), for: Reach, send: Target })
const File = z
  .array(Hook)
  .max(200)
  .refine((hooks) => new Set(hooks.map(({ name }) => name)).size === hooks.length, {
    error: 'two hooks have the same name',
  })

/**
 * Reads a list of `{name, for, send}` from YAML or JSON. Rejects with `SRV_CONFIG`, naming every problem and no secret.
 * `allows`: whether a URL may be spoken to at all.
 */
export const readPagingHooks = async (path: string, allows: (url: string) => boolean): Promise<readonly Webhook[]> => {
  const unusable = (why: string): ServerError => new ServerError('SRV_CONFIG', `PAGING_HOOKS_FILE ${path}: ${why}`)
  let content: unknown
  try {
    content = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // The parser's message quotes the line, which may hold a secret.
    throw unusable(code.startsWith('E') ? `cannot be read: ${code}` : 'is not YAML')
  }
  const parsed = File.safeParse(content ?? [])
  if (!parsed.success)
    throw unusable(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  const hooks = parsed.data.map(({ name, for: reach, send }): Webhook => ({ name, reach, target: send }))
  const foreign = hooks.filter(({ target }) => !allows(target.url.reveal())).map(({ name }) => name)
  if (foreign.length > 0)
    throw unusable(`the URL of ${foreign.join(', ')} must be https, or its host must stand in OUTGOING_HOSTS`)
  return hooks
}
