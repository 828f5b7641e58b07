import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { instant } from '#domain/time.ts'
import type { Act } from '#server/core/on-call-store.ts'

/** Whoever sets a server up. */
export const serverAdmin: Person = { userId: UserId.parse('command-line'), name: 'command line' }

export const byAdmin: Act = { by: serverAdmin, at: instant(1_000) }
