import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { FirstHubConfig } from './first-hub-config.ts'
import type { Enrolment } from '../core/enrolment.ts'
import type { Log } from '../core/log.ts'

/** Stands for a person where server and hub were installed together. */
const installation: Person = { userId: UserId.parse('installation'), name: 'installation' }

/** A hub that comes with this server is let in without anybody carrying a code from one to the other. */
export const letFirstHubIn = async (
  firstHub: FirstHubConfig | null,
  enrolment: Pick<Enrolment, 'offer'>,
  log: Log,
): Promise<void> => {
  if (firstHub === null) return
  const [claimId = '', code = ''] = firstHub.claim.reveal().split(':')
  if (await enrolment.offer({ claimId, code, name: firstHub.name }, installation))
    log.info({}, 'the claim of the first hub is open for ten minutes')
}
