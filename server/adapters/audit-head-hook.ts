import { writtenHead } from '#domain/audit/head.ts'
import type { Secret } from '#domain/secret.ts'
import type { HeadCopy } from '#server/core/audit-heads.ts'
import type { Outgoing } from '#server/core/outgoing.ts'

/** Posts each head to a service that keeps it. What that service has is not read back. */
export const headHook = (url: Secret, outgoing: Pick<Outgoing, 'send'>): HeadCopy => ({
  name: 'AUDIT_HEAD_URL',
  isAway: async () => true,
  put: async (head) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await outgoing.send({ method: 'POST', url: url.reveal(), headers, body: writtenHead(head) })
    if (answer.is === 'answered' && answer.status >= 200 && answer.status < 300) return
    throw new Error(answer.is === 'answered' ? `answered ${answer.status}` : answer.is)
  },
  kept: async () => [],
})
