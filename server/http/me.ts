import type { Me } from '#domain/live/api.ts'
import type { Identity } from '#server/core/accounts.ts'
import { offeredTo } from '#server/core/permissions.ts'
import type { SiteFacts } from './dependencies.ts'

export const meOf = (identity: Identity, site: SiteFacts): Me => ({
  userId: identity.userId,
  name: identity.name,
  role: identity.role,
  may: offeredTo(identity.role),
  sessionEndsAt: identity.endsAt,
  site: site.name,
  facilityTimeZone: site.facilityTimeZone,
  phones: site.phones,
  demo: site.demo,
})
